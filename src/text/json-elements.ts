/**
 * Splits the text of a JSON array into its elements, so that a large array is parsed element by element, with pauses,
 * and each element's original text is available.
 */

export interface Piece {
  readonly from: number;
  /** Excluded. */
  readonly to: number;
}

/** The text is not one array; has the reason. Elements are validated when they are parsed. */
export class NotAnArray extends Error {}

/** Characters between two pauses that are offered within one element. */
const STRIDE = 64 * 1024;
const BLANK = /[ \t\r\n]/;

/** Whether a text can only be an array. */
export const startsArray = (text: string): boolean => text[blanksBehind(text, 0)] === '[';

/**
 * Elements in order; null offers a pause. Throws NotAnArray, possibly after some elements, which must then be
 * discarded.
 */
export function* arrayElements(text: string): Generator<Piece | null> {
  const start = blanksBehind(text, 0) + 1;
  if (text[start - 1] !== '[') throw new NotAnArray('is not a JSON array');
  let depth = 1;
  let from = start;
  let paused = start;
  for (let i = start; i < text.length; i++) {
    if (i - paused >= STRIDE) {
      paused = i;
      yield null;
    }
    const code = text.charCodeAt(i);
    if (code === 0x22) i = endOfString(text, i);
    else if (code === 0x5b || code === 0x7b) depth += 1;
    else if (code === 0x2c && depth === 1) {
      yield { from, to: i };
      from = i + 1;
    } else if (code === 0x5d || code === 0x7d) {
      depth -= 1;
      if (depth > 0) continue;
      if (code !== 0x5d || blanksBehind(text, i + 1) < text.length)
        throw new NotAnArray('does not end with its array');
      const isEmpty = from === start && blanksBehind(text, from) === i;
      if (!isEmpty) yield { from, to: i };
      return;
    }
  }
  throw new NotAnArray('ends within its array');
}

/** The end of a string that starts at a quote: its closing quote, or the text's end. */
export const endOfString = (text: string, start: number): number => {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
};

/** Whether an odd number of backslashes precedes an index. */
const isEscaped = (text: string, at: number): boolean => {
  let before = at;
  while (text.charCodeAt(before - 1) === 0x5c) before -= 1;
  return (at - before) % 2 === 1;
};

const blanksBehind = (text: string, from: number): number => {
  let at = from;
  while (at < text.length && BLANK.test(text.charAt(at))) at += 1;
  return at;
};
