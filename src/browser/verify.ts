/**
 * The bundle verifier for browsers; `npm run verifier` builds `dist/verify.js` from it. It makes no network requests;
 * file and keys stay on the machine.
 */

import type { Verdict } from '../audit/bundle/verdict.ts';
import { verifyBundle } from '../audit/bundle/verify.ts';
import { hexBytes } from '../checkpoint/bytes.ts';
import { verifierKeysIn } from '../checkpoint/checkpoint-files.ts';

export type { Finding, Verdict } from '../audit/bundle/verdict.ts';

export interface HeldKeys {
  /** The caller's verifier keys, as text; without any, the signing key is reported but not checked. */
  readonly keys: readonly string[];
}

/** The platform cannot verify Ed25519 signatures, so no bundle can be verified. */
export class CannotVerify extends Error {}

/**
 * Verifies a bundle. Throws a RangeError for an invalid key and CannotVerify where signatures cannot be verified;
 * problems of the file are findings, not errors.
 */
export const verify = async (
  file: Blob | ReadableStream<Uint8Array> | Uint8Array,
  { keys }: HeldKeys,
): Promise<Verdict> => {
  const held = keys.flatMap(verifierKeysIn);
  await expectSignatures();
  return verifyBundle(piecesOf(file), { keys: held });
};

const PIECE_BYTES = 1024 * 1024;

/** A file's bytes in pieces. Uses a stream's reader, since not all browsers support async iteration of streams. */
export async function* piecesOf(
  file: Blob | ReadableStream<Uint8Array> | Uint8Array,
): AsyncGenerator<Uint8Array, void> {
  if (file instanceof Uint8Array) {
    for (let at = 0; at < file.length; at += PIECE_BYTES) yield file.subarray(at, at + PIECE_BYTES);
    return;
  }
  const reader = ('stream' in file ? file.stream() : file).getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    // Cancels if the caller stops early; a no-op on a finished or failed stream.
    await reader.cancel().catch(() => undefined);
  }
}

/** The public key of the first test of RFC 8032. */
const SOME_KEY = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';

/** Without this check, an old browser or an insecure context would report every signature as invalid. */
export const expectSignatures = async (): Promise<void> => {
  try {
    const bytes = Uint8Array.from(hexBytes(SOME_KEY) ?? []);
    await crypto.subtle.importKey('raw', bytes, 'Ed25519', false, ['verify']);
  } catch (error) {
    throw new CannotVerify('Ed25519 of WebCrypto is not there: use HTTPS or localhost and a newer browser', {
      cause: error,
    });
  }
};
