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

/** Whether bytes can only be an array, as far as a stride shows: nobody begins with more blanks. */
export const startsArray = (bytes: Uint8Array): boolean => {
  let at = 0;
  while (at < STRIDE && isBlank(bytes[at])) at += 1;
  return bytes[at] === OPEN_LIST;
};

/**
 * Elements in order; null offers a pause. Throws NotAnArray, possibly after some elements, which must then be
 * discarded.
 */
export function* arrayElements(bytes: Uint8Array): Generator<Piece | null> {
  if (!startsArray(bytes)) throw new NotAnArray('is not a JSON array');
  const start = bytes.indexOf(OPEN_LIST) + 1;
  let [depth, from, paused] = [1, start, start];
  let [isText, isEmpty] = [false, true];
  for (let i = start; i < bytes.length; i++) {
    if (i - paused >= STRIDE) {
      paused = i;
      yield null;
    }
    const code = bytes[i];
    if (isText) {
      if (code === BACKSLASH) i += 1;
      else if (code === QUOTE) isText = false;
      continue;
    }
    if (isBlank(code)) continue;
    if (depth === 0) throw new NotAnArray(NO_END);
    if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      depth -= 1;
      if (depth > 0) continue;
      if (code === CLOSE_OBJECT) throw new NotAnArray(NO_END);
      if (!isEmpty) yield { from, to: i };
      continue;
    }
    isEmpty = false;
    if (code === QUOTE) isText = true;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) depth += 1;
    else if (code === COMMA && depth === 1) {
      yield { from, to: i };
      from = i + 1;
    }
  }
  if (depth > 0) throw new NotAnArray('ends within its array');
}

const NO_END = 'does not end with its array';

const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
