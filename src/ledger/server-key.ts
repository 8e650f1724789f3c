/** The key that secrets at rest are encrypted under, kept apart from the ledger's file. */
import { Buffer } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeSmallFile } from '../files/small-file.ts';
import { FileExists } from '../files/whole-file.ts';
import { BadSetting, type Where } from './where.ts';

const KEY_BYTES = 32;

/**
 * The 32 bytes that encrypt secrets at rest: from the setting, or a file beside the ledger, made when it is missing. A
 * ledger on an engine has no place beside it that all its servers share: there the setting must be given.
 */
export const serverKey = (secret: string | null, { kind, base }: Where): Buffer => {
  if (secret !== null) return createHash('sha256').update(secret).digest();
  if (kind === 'engine')
    throw new BadSetting(
      'SUANPAN_SECRET (--secret): a ledger on an engine needs it, the same for each of its servers',
    );
  if (base === null) return randomBytes(KEY_BYTES);
  const path = `${base}.key`;
  if (!existsSync(path)) makeKeyFile(path);
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64');
  if (key.length !== KEY_BYTES) throw new BadSetting(`${path} holds no key`);
  return key;
};

/** Durable, with its name, before anything is encrypted under it; one that another process made first stays. */
const makeKeyFile = (path: string): void => {
  try {
    writeSmallFile(path, randomBytes(KEY_BYTES).toString('base64'));
  } catch (error) {
    if (!(error instanceof FileExists)) throw error;
  }
};
