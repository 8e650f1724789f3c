/** How accounts are found by their ids and by what their holders are called: words, whatever their case and width. */

/** Characters of a word that are kept, and of what is looked for. */
export const WORD_MAX = 40;
/** A holder's name in a command has at most 200 characters; folding may make it longer. */
const FOLDED_MAX = 200;

/** A text as it is compared: one width, lower case, one space between words, no control characters. */
export const folded = (text: string): string =>
  [
    ...text
      .toWellFormed()
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[\s\p{C}]+/gu, ' ')
      .trim(),
  ]
    .slice(0, FOLDED_MAX)
    .join('');

const LETTER = /[\p{L}\p{M}]/u;
const DIGIT = /\p{N}/u;
/** Scripts that are written without spaces: each character begins a word. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

const kindOf = (char: string): 'letter' | 'digit' | 'other' =>
  LETTER.test(char) ? 'letter' : DIGIT.test(char) ? 'digit' : 'other';

/**
 * A folded text from each beginning of a word on: `acme-042 上海` from `acme`, `042`, `上` and `海`. So what begins with a
 * search is found, and a search may hold several words.
 */
const wordsOf = (text: string): string[] => {
  const chars = [...text];
  return chars.flatMap((char, i) => {
    const kind = kindOf(char);
    const before = i === 0 ? null : kindOf(chars[i - 1] ?? '');
    const begins = before === null || (kind !== 'other' && kind !== before) || UNSPACED.test(char);
    return begins ? [chars.slice(i, i + WORD_MAX).join('')] : [];
  });
};

/** The words of an account: of its id, and of its holder's folded name. */
export const accountWords = (account: string, name: string): ReadonlySet<string> =>
  new Set([...wordsOf(folded(account)), ...wordsOf(name)].filter((word) => word !== ''));

/** The beginning of a folded name, by which accounts are put in order. */
export const nameOrder = (name: string): string => [...name].slice(0, WORD_MAX).join('');
