/** Messages for disk errors, in words that an operator can act on. */

const IN_WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'the folder of the ledger may not be written',
  EPERM: 'the folder of the ledger may not be written',
  EIO: 'the disk cannot be read or written',
};

/** SQLite's primary result codes; they do not include the cause. */
const SQLITE: Readonly<Record<number, string>> = {
  8: 'the file of the ledger cannot be written: is its disk or folder read-only?',
  10: 'the disk cannot be read or written: is it read-only, broken, or a limit on the size of files (ulimit -f) reached?',
  13: 'the disk is full',
  14: 'a file of the ledger cannot be opened',
};
const PRIMARY = 0xff;

/** What is wrong with the disk; null if an error has another cause. */
export const diskTrouble = (error: unknown): string | null => {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  if (error.code === 'ERR_SQLITE_ERROR' && 'errcode' in error && typeof error.errcode === 'number')
    return SQLITE[error.errcode & PRIMARY] ?? null;
  return (typeof error.code === 'string' && IN_WORDS[error.code]) || null;
};

/** Whether the disk, a quota or a limit is exhausted; the file itself is intact. */
export const isDiskFull = (error: unknown): boolean => FULL.has(diskTrouble(error) ?? '');

const FULL = new Set([SQLITE[13], IN_WORDS['ENOSPC'], IN_WORDS['EDQUOT']]);
