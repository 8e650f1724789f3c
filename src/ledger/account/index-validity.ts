/**
 * The identity index of a stream is valid only for the stream it was built from. A folder may be beside another ledger
 * by mistake, and a ledger or an engine may be restored to an earlier state; the index would then give false negatives
 * or false positives. So before the index is used, the hash of the last indexed event is compared.
 */

import type { EventStore, StreamHead } from '../../eventstore/event-store.ts';
import { eventAt } from '../../eventstore/reading.ts';
import { headText, type IdentityIndex } from '../../identity-index/port.ts';

/**
 * The number of indexed events of a stream; entries of another stream under this name are dropped, giving 0. `end` is
 * the stream's end, if the caller knows it: if the index ends there, nothing needs to be read.
 */
export const indexedLength = async (
  { store, index }: { readonly store: Pick<EventStore, 'read'>; readonly index: IdentityIndex },
  account: string,
  stream: string,
  end: StreamHead,
): Promise<number> => {
  const { length, head } = await index.watermark(account);
  if (length === 0) return 0;
  if (length <= end.length) {
    const hash =
      length === end.length ? end.hash : ((await eventAt(store, stream, length - 1))?.hash ?? null);
    if (head !== null && headText(hash) === head) return length;
  }
  await index.forget(account);
  return 0;
};
