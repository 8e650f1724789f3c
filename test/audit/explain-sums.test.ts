/** A law: what an explanation says by pool, by day and by record adds up to the bill's line, whatever happened. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explainBill } from '../../src/audit/explain/explain-bill.ts';
import { explainRecords, recordsPage } from '../../src/audit/explain/records.ts';
import { exact, plain, ZERO } from '../../src/domain/money.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { billsBackwards, type IssuedBill } from '../../src/ledger/queries/bills.ts';
import { recordsAt } from '../../src/ledger/queries/records-of-event.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { ACCOUNT, liveIn } from '../oracle/life-in-ledger.ts';
import { lifeArbitrary } from '../oracle/lives.ts';
import { runs } from '../support/proof.ts';

interface Split {
  readonly free: number;
  readonly packs: number;
  readonly postPaid: number;
}

const total = (parts: readonly Split[]): Split & { metered: number } => {
  const sum = { free: 0, packs: 0, postPaid: 0 };
  for (const part of parts) {
    sum.free += part.free;
    sum.packs += part.packs;
    sum.postPaid += part.postPaid;
  }
  return { ...sum, metered: sum.free + sum.packs + sum.postPaid };
};

const seen = { bills: 0, lines: 0, reasons: new Set<string>() };

const addsUp = async (ledger: Ledger, issued: IssuedBill): Promise<void> => {
  const { store, calendar } = ledger;
  const open = { store, calendar, catalogue: ledger.catalogue() };
  const told = await explainBill(open, issued);
  const { month } = issued.bill;
  const { usage: from, to } = told.events;
  const read = (revision: number) => recordsAt(store, told.stream, revision);
  const range = { ...open, stream: told.stream, month, from, to, recordsAt: read };
  seen.bills += 1;
  for (const [i, line] of told.lines.entries()) {
    const billed = issued.bill.lines[i];
    const { metered, free, packs, postPaid } = billed ?? {};
    const expected = { metered, free, packs, postPaid };
    expect(line.quantities).toEqual(expected);
    expect(total(line.pools)).toEqual(expected);
    expect(total(line.days)).toEqual(expected);
    expect(line.days.reduce((sum, { calls }) => sum + calls, 0)).toBe(metered);
    const records: Split[] = [];
    const paid = new Map<string, number>();
    for await (const one of explainRecords({ ...range, meter: line.meter })) {
      const byPacks = one.paid.packs.reduce((sum, { calls }) => sum + calls, 0);
      records.push({ free: one.paid.free, packs: byPacks, postPaid: one.paid.postPaid });
      for (const { pack, calls } of one.paid.packs) paid.set(pack, (paid.get(pack) ?? 0) + calls);
    }
    expect(total(records)).toEqual(expected);
    const paying = [...paid].filter(([, calls]) => calls > 0).sort();
    expect(line.packs.map(({ pack, calls }) => [pack, calls]).sort()).toEqual(paying);
    expect(
      line.held
        .filter(({ place }) => place !== null)
        .map(({ pack, paid: calls }) => [pack, calls])
        .sort(),
    ).toEqual(paying);
    for (const { reason } of line.held) seen.reasons.add(reason);
    seen.lines += 1;
  }
  for (const { billed, now, amount, calls, facts } of told.corrections) {
    expect([plain(exact(now.amount).minus(billed.amount)), now.calls - billed.calls]).toEqual([
      plain(exact(amount ?? ZERO)),
      calls,
    ]);
    expect(facts.reduce((sum, fact) => sum + fact.calls, 0)).toBe(calls);
  }
  for (const { basis, meters } of told.totals.frozen.byProduct) {
    const sum = meters.reduce((all, { cost }) => all.plus(cost), exact(0));
    expect(plain(sum)).toBe(basis.split(' × ')[0]);
  }
  // Pages laid one behind the other are the whole list.
  const whole = await recordsPage(range, 10_000);
  const pages: unknown[] = [];
  for (let after: { event: number; index: number } | undefined; ; ) {
    const page = await recordsPage({ ...range, after }, 2);
    pages.push(...page.items);
    if (page.next === null) break;
    const [event = 0, index = 0] = page.next.split('-').map(Number);
    after = { event, index };
  }
  expect(pages).toEqual(whole.items);
};

test('quantities by pool, day and record add up to the line; corrections and freezes to their facts', {
  timeout: 3_600_000,
}, async () => {
  const numRuns = runs('explanations of random lives add up', 40, 5_000);
  await fc.assert(
    fc.asyncProperty(lifeArbitrary(shippedPriceBooks()), async (life) => {
      const { ledger } = await liveIn(openMemoryStore(), life);
      for await (const issued of billsBackwards(ledger.store, ACCOUNT)) await addsUp(ledger, issued);
    }),
    { numRuns, seed: 2026, endOnFailure: true },
  );
  expect(seen.bills).toBeGreaterThan(numRuns / 2);
  expect([...seen.reasons]).toContain('paid');
});
