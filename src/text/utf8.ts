/**
 * Bytes as text, strictly: bytes that are not UTF-8 are reported, never replaced by U+FFFD, since two identities that
 * differ only in such bytes would become one.
 */
import { isUtf8 } from 'node:buffer';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of UTF-8 bytes; null if they are invalid. A byte order mark is kept as a character. */
export const utf8Text = (bytes: Uint8Array): string | null => (isUtf8(bytes) ? strict.decode(bytes) : null);

const MARK = [0xef, 0xbb, 0xbf];

/** Bytes without the byte order mark that they may begin with. */
export const withoutMark = (bytes: Uint8Array): Uint8Array =>
  MARK.every((byte, i) => bytes[i] === byte) ? bytes.subarray(MARK.length) : bytes;

/** Bytes that are looked at between two yields. */
const STEP = 256 * 1024;

/** Whether many bytes are UTF-8: a generator, so that the caller can do other work at each yield. */
export function* utf8InSteps(bytes: Uint8Array): Generator<undefined, boolean> {
  for (let from = 0; from < bytes.length; ) {
    let to = Math.min(from + STEP, bytes.length);
    // Moves a cut out of a character; more than three continuation bytes are not a character.
    for (let back = 0; back < 3 && isContinuation(bytes[to]); back++) to -= 1;
    if (!isUtf8(bytes.subarray(from, to))) return false;
    from = to;
    yield;
  }
  return true;
}

/** Offset of the first byte that is not valid UTF-8; null if all are. */
export const invalidUtf8At = (bytes: Uint8Array): number | null => {
  if (isUtf8(bytes)) return null;
  // The longest valid prefix, by bisection; a cut within a character would make a prefix invalid, so it is moved back
  // to the character's first byte.
  let [valid, invalid] = [0, bytes.length];
  while (invalid - valid > 1) {
    const middle = Math.floor((valid + invalid) / 2);
    let cut = middle;
    while (cut > valid && isContinuation(bytes[cut])) cut -= 1;
    if (cut > valid && isUtf8(bytes.subarray(valid, cut))) valid = cut;
    else if (cut > valid) invalid = cut;
    else return valid + validLength(bytes.subarray(valid, invalid));
  }
  return valid;
};

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** How long the valid prefix of bytes is, character by character. */
const validLength = (bytes: Uint8Array): number => {
  let at = 0;
  while (at < bytes.length) {
    const size = [1, 2, 3, 4].find((n) => at + n <= bytes.length && isUtf8(bytes.subarray(at, at + n)));
    if (size === undefined) return at;
    at += size;
  }
  return at;
};

/** Line and byte, both from 1, of the first invalid byte; null if all are valid. */
export const invalidUtf8Place = (
  bytes: Uint8Array,
): { readonly line: number; readonly byte: number } | null => {
  const at = invalidUtf8At(bytes);
  if (at === null) return null;
  let [line, start] = [1, 0];
  for (let end = bytes.indexOf(LINE_FEED); end >= 0 && end < at; end = bytes.indexOf(LINE_FEED, start)) {
    line += 1;
    start = end + 1;
  }
  return { line, byte: at - start + 1 };
};

const LINE_FEED = 10;
