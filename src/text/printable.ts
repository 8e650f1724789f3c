/**
 * Text of others on a terminal. Control characters move the cursor and erase lines, bidirectional ones show text in
 * another order than it has: either can make a report say what it does not say.
 */

/**
 * C0 and C1 controls, DEL, line and paragraph separators, bidirectional marks, embeddings, overrides and isolates
 * (Unicode 16, UAX 9), zero-width characters, the byte order mark, interlinear annotation, tags, and lone surrogates.
 */
const UNPRINTABLE =
  /\p{Cc}|[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** Text of one line for a terminal: what a reader could not see, or could be misled by, as `\u{…}`. */
export const printable = (text: string): string =>
  text.replace(UNPRINTABLE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);

/** The same for text whose lines are the program's own: line feeds stay. */
export const printableLines = (text: string): string => text.split('\n').map(printable).join('\n');

/** The same for JSON, which stays JSON: what is unprintable stands in it as `\uXXXX`. Line feeds between values stay. */
export const printableJson = (json: string): string =>
  json.replace(UNPRINTABLE, (character) => (character === '\n' ? character : jsonEscaped(character)));

const jsonEscaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('');
