/** The key that encrypts secrets at rest, stored separately from the ledger's file. */
import { Buffer } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeSmallFile } from '../../files/small-file.ts';
import { readTextFile } from '../../files/text-file.ts';
import { FileExists } from '../../files/whole-file.ts';
import { BadSetting, type Where } from '../location.ts';

const KEY_BYTES = 32;
const KEY_FILE_MAX = 4_096;

/** Path of the key of a ledger file, without a setting. */
export const keyPath = (ledger: string): string => `${ledger}.key`;

/** Path of the key of an embedded ledger, without a setting; null if the ledger has no file. */
export const keyFileOf = ({ kind, base }: Where): string | null =>
  kind === 'file' && base !== null ? keyPath(base) : null;

/**
 * The 32 bytes that encrypt secrets at rest, from the setting or the file beside the ledger; null if neither exists
 * yet. Throws BadSetting for an invalid key file, and for a ledger on an engine without the setting, since its servers
 * share no files.
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
 * Creates the key of a ledger without one: a file, durable before anything is encrypted under it, or only in memory.
 */
export const madeKey = (where: Where): Buffer => {
  const path = keyFileOf(where);
  if (path === null) return randomBytes(KEY_BYTES);
  try {
    writeSmallFile(path, randomBytes(KEY_BYTES).toString('base64'));
  } catch (error) {
    // If another process has created the key first, that one is used.
    if (!(error instanceof FileExists)) throw error;
  }
  return keyIn(path);
};

/**
 * Writes the key from a backup beside the ledger, durably; false if another key is there, which is kept. Throws
 * FileUnwritable.
 */
export const unpackedKey = (path: string, carried: string): boolean => {
  const place = keyPath(path);
  if (existsSync(place)) return readTextFile(place, KEY_FILE_MAX).trim() === carried.trim();
  writeSmallFile(place, carried);
  return true;
};

const keyIn = (path: string): Buffer => {
  // Node would skip or repair invalid base64, so the file must match exactly.
  const text = readTextFile(path, KEY_FILE_MAX).trim();
  const key = Buffer.from(text, 'base64');
  if (key.length === KEY_BYTES && key.toString('base64') === text) return key;
  throw new BadSetting(
    `${path} holds no key (32 bytes in base64): put back the one that belongs to the ledger, or delete the file and start once with SUANPAN_NEW_SECRET=true`,
  );
};
