/** The key that secrets at rest are encrypted under, kept apart from the ledger's file. */
import { Buffer } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeSmallFile } from '../../files/small-file.ts';
import { readTextFile } from '../../files/text-file.ts';
import { FileExists } from '../../files/whole-file.ts';
import { BadSetting, type Where } from '../location.ts';

const KEY_BYTES = 32;
const KEY_FILE_MAX = 4_096;

/** Where the key of a ledger in a file lies when no setting gives it. */
export const keyPath = (ledger: string): string => `${ledger}.key`;

/** Where the key of an embedded ledger lies when no setting gives it; null where it has no file. */
export const keyFileOf = ({ kind, base }: Where): string | null =>
  kind === 'file' && base !== null ? keyPath(base) : null;

/**
 * The 32 bytes that encrypt secrets at rest, from the setting or the file beside the ledger; null where neither is
 * there yet. Throws BadSetting for a file that holds no key, and for a ledger on an engine without the setting: it has
 * no place beside it that all its servers share.
 */
export const heldKey = (secret: string | null, where: Where): Buffer | null => {
  if (secret !== null) return createHash('sha256').update(secret).digest();
  if (where.kind === 'engine')
    throw new BadSetting(
      'SUANPAN_SECRET (--secret): a ledger on an engine needs it, the same for each of its servers',
    );
  const path = keyFileOf(where);
  return path === null || !existsSync(path) ? null : keyIn(path);
};

/**
 * Makes the key of a ledger that has none: a file, durable before anything is encrypted under it, or only in memory.
 */
export const madeKey = (where: Where): Buffer => {
  const path = keyFileOf(where);
  if (path === null) return randomBytes(KEY_BYTES);
  try {
    writeSmallFile(path, randomBytes(KEY_BYTES).toString('base64'));
  } catch (error) {
    // One that another process made first stays.
    if (!(error instanceof FileExists)) throw error;
  }
  return keyIn(path);
};

/**
 * Puts the key that a backup carried beside the ledger, durably; false where another one lies there, which stays.
 * Throws FileUnwritable.
 */
export const unpackedKey = (path: string, carried: string): boolean => {
  const place = keyPath(path);
  if (existsSync(place)) return readTextFile(place, KEY_FILE_MAX).trim() === carried.trim();
  writeSmallFile(place, carried);
  return true;
};

const keyIn = (path: string): Buffer => {
  // What Node would skip or repair in base64 is another file than the one that was written.
  const text = readTextFile(path, KEY_FILE_MAX).trim();
  const key = Buffer.from(text, 'base64');
  if (key.length === KEY_BYTES && key.toString('base64') === text) return key;
  throw new BadSetting(
    `${path} holds no key (32 bytes in base64): put back the one that belongs to the ledger, or delete the file and start once with SUANPAN_NEW_SECRET=true`,
  );
};
