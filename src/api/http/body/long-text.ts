/** Decodes a body of megabytes in slices that yield to other requests. */
import { inTurns, nextTurn, openPauses } from '../../../async/pauses.ts';
import { utf8InSteps } from '../../../text/utf8.ts';

/** The text of bytes; null if they are not UTF-8. */
export const longText = async (bytes: Uint8Array): Promise<string | null> => {
  await nextTurn();
  const parts = await inTurns(utf8InSteps(bytes), openPauses(1));
  if (parts === null) return null;
  // Joining ten megabytes takes as long as a slice may.
  await nextTurn();
  const text = parts.join('');
  await nextTurn();
  return text;
};
