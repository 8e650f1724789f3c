/** Replaces `integrity/sha256.ts` in the build of `npm run verifier`, for platforms without `node:crypto`. */
import { sha256 as noble } from '@noble/hashes/sha2.js';
import { hexText, utf8 } from '../checkpoint/bytes.ts';
import type { Digesting } from '../integrity/sha256.ts';

export const sha256Bytes = (bytes: Uint8Array): Uint8Array => noble(bytes);

export const sha256 = (text: string): string => hexText(noble(utf8(text)));

export const digesting = (): Digesting => {
  const state = noble.create();
  return { update: (text) => void state.update(utf8(text)), hex: () => hexText(state.digest()) };
};
