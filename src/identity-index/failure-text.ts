/** Failures of LevelDB in words that an operator can act on. */

/** Why it failed: what LevelDB says of the cause, a full disk in plain words. */
export const toldOf = (error: unknown): string => {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  const why = cause instanceof Error ? `${message}: ${cause.message}` : message;
  return /no space left|quota exceeded/i.test(why) ? `the disk is full: ${why}` : why;
};
