/**
 * An event was taken out of an account's stream, or one was put in, and everything after it sealed anew. A bill that was
 * issued is found, or it is said what is wrong; it never seems as if it had never been issued.
 */
import { expect, test } from 'vitest';
import { StoredEventUnreadable } from '../../src/codec/event-codec.ts';
import type { EventStore } from '../../src/eventstore/event-store.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { eventsOf, typeOf } from '../../src/eventstore/reading.ts';
import { recordLines } from '../../src/integrity/record-block.ts';
import { seal } from '../../src/integrity/seal-events.ts';
import type { EventDraft } from '../../src/integrity/sealed-event.ts';
import { issuedBill } from '../../src/ledger/queries/bills.ts';
import { sealedLedger } from '../support/sealed.ts';

const STREAM = 'account-acme';

/** A ledger whose account has these events, sealed as if they were the first ones. */
const sealedAnew = async (drafts: readonly EventDraft[]): Promise<EventStore> => {
  const store = openMemoryStore();
  await store.append(STREAM, 0, seal(STREAM, 0, null, drafts));
  return store;
};

test('each event taken out or doubled: no issued bill seems unknown', async () => {
  const { store } = await sealedLedger();
  const drafts: EventDraft[] = [];
  const closes: number[] = [];
  for await (const stored of eventsOf(store, STREAM, { records: true })) {
    if (typeOf(stored) === 'MonthClosed') closes.push(stored.revision);
    const lines = stored.records ? recordLines(stored.records) : null;
    drafts.push({ header: stored.header, data: stored.data, ...(lines && { lines }) });
  }
  expect(closes.length).toBe(2);
  const said = async (altered: EventStore, month: string): Promise<string> =>
    issuedBill(altered, 'acme', month).then(
      (issued) => issued?.bill.month ?? 'unknown',
      (error: Error) => {
        expect(error).toBeInstanceOf(StoredEventUnreadable);
        return error.message;
      },
    );
  for (let at = 0; at < drafts.length; at++)
    for (const altered of [drafts.toSpliced(at, 1), drafts.toSpliced(at, 0, drafts[at] as EventDraft)]) {
      const ledger = await sealedAnew(altered);
      // The last close alone is followed by nothing that tells of it.
      const february = at === closes[1] && altered.length < drafts.length ? '2019-02|unknown' : '2019-02';
      expect([at, await said(ledger, '2019-02')]).toEqual([at, expect.stringMatching(`^(${february})$`)]);
      const wrong = /^event \d+ of account-acme .*follows the close at event \d+, which is not a close/;
      expect([at, await said(ledger, '2019-01')]).toEqual([
        at,
        expect.stringMatching(new RegExp(`^2019-01$|${wrong.source}`)),
      ]);
    }
});
