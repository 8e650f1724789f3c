/** What a failed write or read says of the disk, in words that an operator can act on. */

const IN_WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'the folder of the ledger may not be written',
  EPERM: 'the folder of the ledger may not be written',
  EIO: 'the disk cannot be read or written',
};

/** SQLite's primary result codes; what caused them it does not say. */
const SQLITE: Readonly<Record<number, string>> = {
  8: 'the file of the ledger cannot be written: is its disk or folder read-only?',
  10: 'the disk cannot be read or written: is it read-only, or broken?',
  13: 'the disk is full',
  14: 'a file of the ledger cannot be opened',
};
const PRIMARY = 0xff;

/** What is wrong with the disk; null where an error tells of something else. */
export const diskTrouble = (error: unknown): string | null => {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  if (error.code === 'ERR_SQLITE_ERROR' && 'errcode' in error && typeof error.errcode === 'number')
    return SQLITE[error.errcode & PRIMARY] ?? null;
  return (typeof error.code === 'string' && IN_WORDS[error.code]) || null;
};

/** Whether the disk, or what a quota or a limit leaves of it, is full: the file on it is as it was. */
export const isDiskFull = (error: unknown): boolean => FULL.has(diskTrouble(error) ?? '');

const FULL = new Set([SQLITE[13], IN_WORDS['ENOSPC'], IN_WORDS['EDQUOT']]);
