/** Signing secrets at rest: AES-256-GCM under the server key, `v1:iv:tag:text`, each part in base64. */
import { Buffer } from 'node:buffer';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const IV_BYTES = 12;

/** The secret was encrypted under another key, or is damaged. */
export class SecretUnreadable extends Error {}

export const encrypted = (secret: string, serverKey: Buffer): string => {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', serverKey, iv);
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return ['v1', ...[iv, cipher.getAuthTag(), text].map((part) => part.toString('base64'))].join(':');
};

/** Throws SecretUnreadable. */
export const decrypted = (stored: string, serverKey: Buffer): string => {
  const [version, iv = '', tag = '', text = ''] = stored.split(':');
  try {
    if (version !== 'v1') throw new Error(`version ${version}`);
    const decipher = createDecipheriv('aes-256-gcm', serverKey, Buffer.from(iv, 'base64'));
    decipher.setAuthTag(Buffer.from(tag, 'base64'));
    return Buffer.concat([decipher.update(Buffer.from(text, 'base64')), decipher.final()]).toString('utf8');
  } catch (error) {
    throw new SecretUnreadable(
      'a secret cannot be read with this server key: put back the ledger.db.key (or SUANPAN_SECRET) it was written with, or rotate',
      { cause: error },
    );
  }
};
