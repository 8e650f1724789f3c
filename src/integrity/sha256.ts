/** SHA-256, the one hash of this project. The only file that names the platform's: a browser brings another. */
import * as crypto from 'node:crypto';

/** The hash in one call, several times faster on short texts: Node has it from 20.12 on, and the package is for 20.0. */
const oneShot = (crypto as Partial<Pick<typeof crypto, 'hash'>>).hash;

/** SHA-256 of a text's UTF-8 bytes, in lower-case hex. */
export const sha256: (text: string) => string = oneShot
  ? (text) => oneShot('sha256', text, 'hex')
  : (text) => crypto.createHash('sha256').update(text, 'utf8').digest('hex');

/** SHA-256 of bytes; 32 bytes. */
export const sha256Bytes: (bytes: Uint8Array) => Uint8Array = oneShot
  ? (bytes) => oneShot('sha256', bytes, 'buffer')
  : (bytes) => crypto.createHash('sha256').update(bytes).digest();

/** Incremental SHA-256 over texts. */
export interface Digesting {
  update(text: string): void;
  /** In lower-case hex; ends it. */
  hex(): string;
}

export const digesting = (): Digesting => {
  const state = crypto.createHash('sha256');
  return { update: (text) => void state.update(text, 'utf8'), hex: () => state.digest('hex') };
};
