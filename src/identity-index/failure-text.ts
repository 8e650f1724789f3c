/** Failures of LevelDB in words that an operator can act on. */

/** Why the index failed: LevelDB's cause, with a plain message for a full disk. */
export const toldOf = (error: unknown): string => {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  const why = cause instanceof Error ? `${message}: ${cause.message}` : message;
  return /no space left|quota exceeded/i.test(why) ? `the disk is full: ${why}` : why;
};

/** A damaged file, and the next step. */
export const toldOfDamage = (error: unknown): string =>
  `one of its files is damaged (${toldOf(error)}); it is rebuilt from the streams: repeat the request`;
