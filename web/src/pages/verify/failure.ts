/** Why a file could not be verified at all: keys or checkpoints that cannot be read, or a browser without Ed25519. */
export const messagesOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
