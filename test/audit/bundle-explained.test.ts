/** A law: a bundle explains its bill as the ledger does, from the file alone, except for what followed the close. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holdEvents } from '../../src/audit/bundle/held-events.ts';
import { writeBundle } from '../../src/audit/bundle/write.ts';
import { type Explanation, explainBill } from '../../src/audit/explain/explain-bill.ts';
import { recordsPage } from '../../src/audit/explain/records.ts';
import { type ReadBundle, readBundle } from '../../src/browser/read-bundle.ts';
import { openCheckpointSigner } from '../../src/checkpoint/checkpoint-queue.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { billsBackwards, type IssuedBill } from '../../src/ledger/queries/bills.ts';
import { recordsAt } from '../../src/ledger/queries/records-of-event.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { ACCOUNT, liveIn } from '../oracle/life-in-ledger.ts';
import { lifeArbitrary } from '../oracle/lives.ts';
import { runs } from '../support/proof.ts';

const seen = { whole: 0, earlier: 0, records: 0 };

/** What of an explanation is in the file: nothing of the events after the close. */
const untilClose = ({ totals, ...rest }: Explanation, closed: number) => {
  const before = (events: readonly number[]): readonly number[] => events.filter((event) => event <= closed);
  const { outcome: _, ...frozen } = totals.frozen;
  const sums = { ...totals, frozen };
  return {
    ...rest,
    sums: Object.entries(sums).map(([name, sum]) => ({ ...sum, name, events: before(sum.events) })),
  };
};

/** Events before the file's first, which only the ledger can name. */
const sinceBegin = (explained: Explanation, first: number): Explanation =>
  JSON.parse(
    JSON.stringify({
      ...explained,
      lines: explained.lines.map((line) => ({
        ...line,
        tier: {
          ...line.tier,
          price: 'event' in line.tier.price ? { ...line.tier.price, event: null } : line.tier.price,
          because: line.tier.because.map((why) => why.replace(/, agreed by event \d+/, '')),
        },
        held: line.held.map((pack) => ({ ...pack, events: pack.events.filter((event) => event >= first) })),
      })),
      totals: {
        ...explained.totals,
        unfrozen: {
          ...explained.totals.unfrozen,
          events: explained.totals.unfrozen.events.filter((event) => event >= first),
        },
      },
    }),
  );

const sameAs = async (ledger: Ledger, issued: IssuedBill, { bill, made }: ReadBundle): Promise<void> => {
  const { store, calendar } = ledger;
  const open = { store, calendar, catalogue: ledger.catalogue() };
  const told = await explainBill(open, issued);
  if (!made) throw new Error('the file is not explained');
  const { month } = issued.bill;
  const { stream } = told;
  const { usage: from, to } = told.events;
  expect(bill).toEqual(issued.bill);
  if (made.beganEarlier) {
    seen.earlier += 1;
    return;
  }
  seen.whole += 1;
  const first = Math.max(0, issued.bill.events.from - 1);
  expect(untilClose(sinceBegin(made.explanation, first), issued.closed)).toEqual(
    untilClose(sinceBegin(told, first), issued.closed),
  );
  const read = (revision: number) => recordsAt(store, stream, revision);
  const whole = await recordsPage({ ...open, stream, month, from, to, recordsAt: read }, 10_000);
  expect(await made.records({ limit: 10_000 })).toEqual(whole);
  seen.records += whole.items.length;
  const event = await made.event(issued.closed);
  expect(event).toMatchObject({ type: 'MonthClosed', data: { bill: { digest: issued.bill.digest } } });
  expect(await made.event(issued.closed + 1)).toBeNull();
};

test('each bill of random lives', { timeout: 3_600_000 }, async () => {
  const numRuns = runs('bundles explain random lives', 25, 2_000);
  await fc.assert(
    fc.asyncProperty(lifeArbitrary(shippedPriceBooks()), async (life) => {
      const { ledger } = await liveIn(openMemoryStore(), life);
      const { store, calendar } = ledger;
      const serverKey = randomBytes(32);
      const sealer = openCheckpointSigner({ store, path: ':memory:', serverKey, now: Date.now, file: null });
      await sealer.sign();
      const of = { store, tree: sealer.tree, serverKey, zone: calendar.zone };
      for await (const issued of billsBackwards(store, ACCOUNT)) {
        const pieces: string[] = [];
        for await (const piece of writeBundle(of, issued)) pieces.push(piece);
        const read = await readBundle(new Blob(pieces), { keys: '', checkpoints: '' });
        expect(read.verdict.findings).toEqual([]);
        await sameAs(ledger, issued, read);
      }
      await sealer.close();
    }),
    { numRuns, seed: 2026, endOnFailure: true },
  );
  expect(seen.whole).toBeGreaterThan(numRuns / 2);
  expect(seen.records).toBeGreaterThan(numRuns);
});

test('a file with more than is held is explained by nothing', () => {
  const line = {
    part: 'event',
    revision: 0,
    header: 'h'.repeat(40),
    data: 'd'.repeat(50),
    hash: '',
  } as const;
  const most = holdEvents(100);
  most.add(line, null);
  expect(most.store('account-a')).not.toBeNull();
  most.add({ ...line, revision: 1 }, ['r'.repeat(20)]);
  expect(most.store('account-a')).toBeNull();
  expect(most.recordsAt(0)).toEqual([]);
});
