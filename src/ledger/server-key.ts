/** The key that secrets at rest are encrypted under, kept apart from the ledger's file. */
import { Buffer } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { BadSetting } from './open.ts';

const KEY_BYTES = 32;

/** The 32 bytes that encrypt secrets at rest: from the setting, or a file beside the ledger, made when it is missing. */
export const serverKey = (secret: string | null, path: string | null): Buffer => {
  if (secret !== null) return createHash('sha256').update(secret).digest();
  if (path === null) return randomBytes(KEY_BYTES);
  if (!existsSync(path))
    writeFileSync(path, randomBytes(KEY_BYTES).toString('base64'), { mode: 0o600, flag: 'wx' });
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length !== KEY_BYTES) throw new BadSetting(`${path} holds no key`);
  return key;
};
