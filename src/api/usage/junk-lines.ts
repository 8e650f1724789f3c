/**
 * Detects lines that cannot be usage records by their bytes. Once a key's quota of stored and listed refusals is used
 * up, such lines are only counted; parsing them would cost more than metering valid ones.
 */
import type { Buffer } from 'node:buffer';

const [FEED, OPEN_OBJECT] = [0x0a, 0x7b];
/** Bytes of a line that are inspected; beyond, only the line's end is searched. */
const SHORT = 128;
/** Longer lines are passed on. */
const LOOKED_AT = 4 * 1024;
/** No shorter object names an account. */
const SURELY_NAMELESS = 13;

/**
 * Lines in order: either a number of consecutive lines that are not records and name no account, or the bytes of one
 * that may be a record, or empty.
 */
export function* sifted(bytes: Buffer): Generator<number | Buffer> {
  let junk = 0;
  for (let from = 0; from <= bytes.length; ) {
    let at = from;
    while (isBlank(bytes[at])) at += 1;
    const end = endOfLine(bytes, at);
    if (end === at) {
      from = end + 1;
      continue;
    }
    if (isJunk(bytes, at, end)) junk += 1;
    else {
      if (junk > 0) yield junk;
      junk = 0;
      yield bytes.subarray(from, end);
    }
    from = end + 1;
  }
  if (junk > 0) yield junk;
}

/** The ASCII characters that `trim` removes, within a line. */
const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x09 || byte === 0x0b || byte === 0x0c || byte === 0x0d;

const endOfLine = (bytes: Buffer, from: number): number => {
  const near = Math.min(from + SHORT, bytes.length);
  for (let at = from; at < near; at++) if (bytes[at] === FEED) return at;
  const found = near === bytes.length ? -1 : bytes.indexOf(FEED, near);
  return found < 0 ? bytes.length : found;
};

const isJunk = (bytes: Buffer, from: number, end: number): boolean => {
  const first = bytes[from] ?? 0;
  // A line of other Unicode blanks counts as empty.
  if (first >= 0x80) return false;
  if (first !== OPEN_OBJECT) return true;
  if (end - from < SURELY_NAMELESS) return true;
  if (end - from > LOOKED_AT) return false;
  // A name may be written with escapes.
  const text = bytes.toString('latin1', from, end);
  return !text.includes('"subject"') && !text.includes('\\');
};
