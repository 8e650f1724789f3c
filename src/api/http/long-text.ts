/** The text of a body of megabytes, made in turns between which others have theirs. */
import { inTurns, nextTurn, openPauses } from '../../async/pauses.ts';
import { utf8InSteps } from '../../text/utf8.ts';

/** The text of bytes that are UTF-8; null where they are not. */
export const longText = async (bytes: Uint8Array): Promise<string | null> => {
  await nextTurn();
  const parts = await inTurns(utf8InSteps(bytes), openPauses(1));
  if (parts === null) return null;
  // To put ten megabytes together takes as long as a turn may.
  await nextTurn();
  const text = parts.join('');
  await nextTurn();
  return text;
};
