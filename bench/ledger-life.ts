/** Closing, replaying and rebuilding. */
import { replayStream } from '../src/audit/replay/replay.ts';
import { decodeEvent, decodeRecords } from '../src/codec/event-codec.ts';
import { openViews } from '../src/derived/views.ts';
import { nextMonth } from '../src/domain/calendar.ts';
import type { EventStore } from '../src/eventstore/event-store.ts';
import { openMemoryStore } from '../src/eventstore/memory.ts';
import { openSqliteStore } from '../src/eventstore/sqlite/store.ts';
import { recordLines } from '../src/integrity/record-block.ts';
import { seal } from '../src/integrity/seal-events.ts';
import { ingest } from '../src/ledger/account/ingest.ts';
import { catchUp, rebuildViews } from '../src/ledger/following/follow.ts';
import { issuedBill } from '../src/ledger/queries/bills.ts';
import { batchText, inGroups, ledgerWith, NOW, nameOf, OPENED, reportsOf, timed } from './load.ts';

const CLOSE = Date.parse('2019-02-01T04:00:00+08:00');
const BATCH = 1_000;
const ROUNDS = 7;
const CLOSE_DELAY = 4 * 3_600_000;

/** A month of so many records of one account replayed, beside merely reading and parsing the same events. */
export const benchReplay = async (records: number): Promise<string> => {
  const { ledger, done } = await ledgerWith(1);
  await inGroups(records / BATCH, 8, async () => {
    await ingest(ledger, reportsOf(batchText(BATCH, () => nameOf(0))), NOW);
  });
  await ledger.execute(nameOf(0), { name: 'close-month', body: { month: '2019-01' } }, CLOSE, null);
  const stream = `account-${nameOf(0)}`;
  let parsed = 0;
  const reading = await timed(records, async () => {
    for (let from = 0; ; from += 64) {
      const page = await ledger.store.read(stream, { from, limit: 64, direction: 'forwards', records: true });
      if (page.length === 0) return;
      for (const stored of page) {
        const fact = decodeEvent(stored);
        if (fact.type === 'CallsMetered')
          parsed += decodeRecords(stored, fact.data, recordLines(stored.records ?? new Uint8Array())).length;
      }
    }
  });
  let match = true;
  const replaying = await timed(records, async () => {
    const of = { store: ledger.store, calendar: ledger.calendar, catalogue: ledger.catalogue() };
    for await (const result of replayStream(of, stream)) match &&= result.match;
  });
  await done();
  const share = Math.round((100 * replaying.rate) / reading.rate);
  return `a month of ${parsed.toLocaleString('en-US')} records replayed in ${replaying.seconds.toFixed(2)} s (${match ? 'matches' : 'DIFFERS'}), ${share} % of the speed of reading and parsing`;
};

/** One bill of so many records replayed alone in a ledger, and again beside ten times more other data. */
export const benchReplayBeside = async (records: number): Promise<string> => {
  const { ledger, done } = await ledgerWith(100);
  const fill = (count: number, at: number, account: (i: number) => string, from?: number) =>
    inGroups(count / BATCH, 8, async (i) => {
      const { counts } = await ingest(ledger, reportsOf(batchText(BATCH, () => account(i), from)), at);
      if (counts.accepted !== BATCH) throw new Error(`${counts.accepted} of ${BATCH} records were accepted`);
    });
  const closes = (month: string, at: number) =>
    ledger.execute(nameOf(0), { name: 'close-month', body: { month } }, at, null);
  const replayed = async () => {
    const seconds: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const of = { store: ledger.store, calendar: ledger.calendar, catalogue: ledger.catalogue() };
      const one = await timed(1, async () => {
        const issued = await issuedBill(ledger.store, nameOf(0), '2019-01');
        if (!issued) throw new Error('there is no bill');
        const range = { since: issued.bill.events.from, closed: issued.closed };
        for await (const { match } of replayStream(of, `account-${nameOf(0)}`, range))
          if (!match) throw new Error('the bill does not replay');
      });
      seconds.push(one.seconds);
    }
    return seconds.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
  };
  const deposit = { name: 'deposit', body: { amount: '90000000', reference: 'w' } } as const;
  await ledger.execute(nameOf(0), deposit, OPENED, null);
  await fill(records, NOW, () => nameOf(0));
  await closes('2019-01', CLOSE);
  const alone = await replayed();
  // Half of it other accounts', half the same account's later months.
  await fill(5 * records, CLOSE, (i) => nameOf(1 + (i % 99)));
  for (const month of ['2019-02', '2019-03', '2019-04', '2019-05', '2019-06']) {
    const end = ledger.calendar.startOf(nextMonth(month));
    await fill(records, end - 1, () => nameOf(0), ledger.calendar.startOf(month));
    await closes(month, end + CLOSE_DELAY);
  }
  const beside = await replayed();
  await done();
  return `a bill of ${records.toLocaleString('en-US')} records replayed in ${alone.toFixed(3)} s alone, ${beside.toFixed(3)} s beside ten times more other data: ${(beside / alone).toFixed(2)} times`;
};

/** So many accounts closed, each with usage on three meters, one pack and a freeze; then every view rebuilt. */
export const benchClose = async (accounts: number): Promise<string> => {
  const { ledger, done } = await ledgerWith(accounts);
  await inGroups(accounts, 500, async (i) => {
    const account = nameOf(i);
    await ledger.execute(
      account,
      { name: 'deposit', body: { amount: '9000', reference: 'w' } },
      OPENED,
      null,
    );
    const body = { pool: 'face-recognition/compare', size: 1_000_000, quantity: 1 };
    await ledger.execute(account, { name: 'buy-packs', body }, OPENED, null);
    const records = ['compare', 'search', 'detect'].map((name) => ({
      source: '/g',
      id: name,
      interface: `face-recognition/${name}`,
      time: NOW,
      calls: 50_000,
      submitted: null,
    }));
    await ledger.meter(account, records, NOW);
  });
  const closing = await timed(accounts, () =>
    inGroups(accounts, 500, async (i) => {
      const answer = await ledger.execute(
        nameOf(i),
        { name: 'close-month', body: { month: '2019-01' } },
        CLOSE,
        null,
      );
      if (answer.outcome !== 'done' || answer.events.length === 0) throw new Error('a month was not closed');
    }),
  );
  const views = openViews(':memory:');
  let events = 0;
  const rebuilding = await timed(1, () => rebuildViews(ledger.store, views, (n) => (events = n)));
  await catchUp(ledger.store, views);
  views.close();
  await done();
  return `${accounts.toLocaleString('en-US')} accounts closed in ${closing.seconds.toFixed(1)} s; views rebuilt from ${events.toLocaleString('en-US')} events at ${Math.round(events / rebuilding.seconds).toLocaleString('en-US')} events/s`;
};

/** Single appends from 64 callers, with and without group commit. */
export const benchAppend = async (path: () => string, appends: number): Promise<string> => {
  const rateOf = async (store: EventStore, count: number) => {
    const { rate } = await timed(count, () =>
      inGroups(64, 64, async (caller) => {
        let hash: Uint8Array | null = null;
        for (let i = 0; i < count / 64; i++) {
          const events = seal(`s${caller}`, i, hash, [
            { header: '{"type":"Bench"}', data: `{"i":${i},"text":"${'x'.repeat(120)}"}` },
          ]);
          await store.append(`s${caller}`, i, events);
          hash = events[0]?.hash ?? null;
        }
      }),
    );
    await store.close();
    return rate;
  };
  const grouped = await rateOf(openSqliteStore(path(), { writesInThread: true }), appends);
  const single = await rateOf(
    openSqliteStore(path(), { writesInThread: true, groupCommit: false }),
    appends / 8,
  );
  const memory = await rateOf(openMemoryStore(), appends);
  return `single appends, 64 callers: ${grouped.toLocaleString('en-US')}/s with group commit, ${single.toLocaleString('en-US')}/s without (${(grouped / single).toFixed(1)} times); in memory ${memory.toLocaleString('en-US')}/s`;
};
