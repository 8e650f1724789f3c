/**
 * Lines that cannot be a usage record, by their bytes alone: where nothing more of what a key reports is kept or
 * listed, all that is left of them is a count, and to read them would cost more than to meter what is good.
 */
import type { Buffer } from 'node:buffer';

const [FEED, OPEN_OBJECT] = [0x0a, 0x7b];
/** A line is looked at byte by byte so far; the end of a longer one is searched for. */
const SHORT = 128;
/** Longer lines are handed on. */
const LOOKED_AT = 4 * 1024;
/** No shorter object names an account. */
const SURELY_NAMELESS = 13;

/**
 * Whole lines in their order: how many came one after the other that are not records, and name no account; or the
 * bytes of one that may be, or be empty.
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

/** What `trim` takes away, of ASCII and within a line. */
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
  // Blanks beyond ASCII make an empty line.
  if (first >= 0x80) return false;
  if (first !== OPEN_OBJECT) return true;
  if (end - from < SURELY_NAMELESS) return true;
  if (end - from > LOOKED_AT) return false;
  // A name may be written with escapes.
  const text = bytes.toString('latin1', from, end);
  return !text.includes('"subject"') && !text.includes('\\');
};
