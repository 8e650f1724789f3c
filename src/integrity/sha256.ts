/** SHA-256, the one hash of this project. The only file that names the platform's: a browser brings another. */
import { createHash, hash } from 'node:crypto';

/** SHA-256 of a text's UTF-8 bytes, in lower-case hex. */
export const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** SHA-256 of bytes; 32 bytes. */
export const sha256Bytes = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');

/** Incremental SHA-256 over texts. */
export interface Digesting {
  update(text: string): void;
  /** In lower-case hex; ends it. */
  hex(): string;
}

export const digesting = (): Digesting => {
  const state = createHash('sha256');
  return { update: (text) => void state.update(text, 'utf8'), hex: () => state.digest('hex') };
};
