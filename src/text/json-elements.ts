/**
 * Splits the bytes of a JSON array into its elements, so that a large array is parsed element by element, with pauses,
 * and each element's original text is available. The text of the whole is never made.
 */

export interface Piece {
  readonly from: number;
  /** Excluded. */
  readonly to: number;
}

/** The bytes are not one array; has the reason. Elements are validated when they are parsed. */
export class NotAnArray extends Error {}

/** Bytes between two pauses that are offered within one element. */
const STRIDE = 64 * 1024;
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Whether bytes can only be an array. */
export const startsArray = (bytes: Uint8Array): boolean => bytes[blanksBehind(bytes, 0)] === OPEN_LIST;

/**
 * Elements in order; null offers a pause. Throws NotAnArray, possibly after some elements, which must then be
 * discarded.
 */
export function* arrayElements(bytes: Uint8Array): Generator<Piece | null> {
  const start = blanksBehind(bytes, 0) + 1;
  if (bytes[start - 1] !== OPEN_LIST) throw new NotAnArray('is not a JSON array');
  let depth = 1;
  let from = start;
  let paused = start;
  let isText = false;
  for (let i = start; i < bytes.length; i++) {
    if (i - paused >= STRIDE) {
      paused = i;
      yield null;
    }
    const code = bytes[i];
    if (isText) {
      if (code === BACKSLASH) i += 1;
      else if (code === QUOTE) isText = false;
    } else if (code === QUOTE) isText = true;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) depth += 1;
    else if (code === COMMA && depth === 1) {
      yield { from, to: i };
      from = i + 1;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      depth -= 1;
      if (depth > 0) continue;
      if (code !== CLOSE_LIST || blanksBehind(bytes, i + 1) < bytes.length)
        throw new NotAnArray('does not end with its array');
      const isEmpty = from === start && blanksBehind(bytes, from) === i;
      if (!isEmpty) yield { from, to: i };
      return;
    }
  }
  throw new NotAnArray('ends within its array');
}

const blanksBehind = (bytes: Uint8Array, from: number): number => {
  let at = from;
  while (isBlank(bytes[at])) at += 1;
  return at;
};
const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
