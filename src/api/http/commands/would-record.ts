/**
 * The events that a dry run says a request would record, as far as they can be known: ids, hashes and secrets that only the
 * real request makes are `dry-run`, and what becomes due by itself is not among them.
 */
import { dataToStore } from '../../../codec/event-codec.ts';
import { type Instant, instantText } from '../../../domain/calendar.ts';
import { accountStream } from '../../../eventstore/stream-names.ts';
import type { Placed } from '../../../ledger/account/result.ts';
import type { Api } from '../api.ts';
import type { Reply, WouldRecord } from '../call.ts';

/** Events of an account. */
export const accountEvents = (account: string, placed: readonly Placed[]): readonly WouldRecord[] =>
  placed.map(({ revision, event }) => ({
    ...{ stream: accountStream(account), revision, type: event.type, at: instantText(event.at) },
    data: dataToStore(event),
  }));

/** Events of a system stream, in order; `at` in milliseconds. */
export const systemEvents = async (
  { ledger }: Api,
  stream: string,
  at: Instant,
  ...events: readonly (readonly [type: string, data: unknown])[]
): Promise<readonly WouldRecord[]> => {
  const { length } = await ledger.store.head(stream);
  return events.map(([type, data], i) => ({
    ...{ stream, revision: length + i, type, at: instantText(at), data },
  }));
};

/** The answer to an earlier request, of a dry run: nothing more would be recorded. Null stays null. */
export const repeated = (before: Reply | null): Reply | null => before && { ...before, wouldRecord: [] };
