/** Which failures of LevelDB are of the index's own files: only a rebuild repairs those. */

/** Passing troubles of the machine: the files are as they were. */
const OF_THE_MACHINE =
  /no space left|quota|file too large|read-only|permission denied|not permitted|too many open|cannot allocate/i;

/** LevelDB's own error, if any. */
export const causeOf = (error: unknown): unknown =>
  error instanceof Error && error.cause instanceof Error ? error.cause : error;

/** The code of LevelDB's own error, or of the system's. */
export const causeCode = (error: unknown): string | undefined => {
  const cause = causeOf(error);
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
};

/** Whether the files are damaged or incomplete, so that only a rebuild helps. */
export const isDamage = (error: unknown): boolean => {
  const cause = causeOf(error);
  const message = cause instanceof Error ? cause.message : '';
  const code = causeCode(error);
  if (code === 'LEVEL_CORRUPTION') return true;
  if (code === 'LEVEL_IO_ERROR') return !OF_THE_MACHINE.test(message);
  // LevelDB found no `CURRENT`; or a file is where the folder should be.
  return /^Invalid argument: /.test(message) || code === 'ENOTDIR' || code === 'EEXIST';
};
