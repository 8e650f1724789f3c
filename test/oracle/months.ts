/** What a month costs now: its meters counted and priced again from all facts (sections 6, 10). */
import type { Ladder, Meter } from '../../src/domain/price-book.ts';
import { decimal, money, toCents } from './amounts.ts';
import { monthAt } from './days.ts';
import { factsOf, type World } from './facts.ts';
import { type Calls, type Cost, choosing, costOf } from './ladders.ts';
import type { OracleLine } from './life.ts';
import { countNow, movements } from './paying.ts';
import { findInterface, findMeter } from './shelf.ts';

export interface Priced {
  readonly line: OracleLine;
  readonly product: string;
  readonly exact: bigint;
  readonly amount: bigint;
  /** What section 8 multiplies for a product that freezes by list price. */
  readonly listCost: bigint;
}
export interface NoPrice {
  readonly meter: string;
  readonly quantity: number;
}

function meterOf(world: World, id: string, month: string, now: number): string | null {
  return findInterface(world, id, month, now)?.entry.meter ?? null;
}

/** Every meter that any record of the month is rated in, in the order of ids. */
export function metersUsed(world: World, month: string, now: number): string[] {
  const ids = factsOf(world, 'recorded')
    .filter((fact) => monthAt(fact.reported.time) === month)
    .map((fact) => meterOf(world, fact.reported.interface, month, now));
  return [...new Set(ids.filter((id) => id !== null))].sort();
}

export function callsOf(world: World, meter: string, month: string, now: number): Calls {
  let [metered, free, packs, postPaid] = [0, 0, 0, 0];
  for (const fact of factsOf(world, 'recorded')) {
    if (monthAt(fact.reported.time) !== month) continue;
    if (meterOf(world, fact.reported.interface, month, now) === meter) metered += countNow(world, fact);
  }
  for (const { record, fact } of movements(world)) {
    if (monthAt(record.reported.time) !== month) continue;
    if (meterOf(world, record.reported.interface, month, now) !== meter) continue;
    free += fact.split.free;
    postPaid += fact.split.postPaid;
    for (const use of fact.split.packs) packs += use.calls;
  }
  if (free + packs + postPaid !== metered || Math.min(free, packs, postPaid) < 0) {
    throw new Error(
      `the split of ${meter} in ${month} does not add up: ${metered} = ${free} + ${packs} + ${postPaid}`,
    );
  }
  return { metered, free, packs, postPaid };
}

/** The contract ladder of a month: of two that cover it the later agreed one holds. */
function contractFor(world: World, meter: string, month: string): Ladder | null {
  let found: Ladder | null = null;
  for (const fact of factsOf(world, 'agreed')) {
    const covers = fact.from <= month && (fact.until === null || month < fact.until);
    if (fact.meter === meter && covers) found = fact.ladder;
  }
  return found;
}

const NOTHING: Cost = { tier: null, bands: null, exact: 0n, freeCost: 0n };

function cost(meter: Meter, ladder: Ladder, month: string, calls: Calls): Cost | 'unpriced' {
  // Free months cost nothing whatever is agreed (section 6): no tier, no unit price.
  if (meter.freeUntil === undefined || month >= meter.freeUntil) return costOf(ladder, calls);
  return ladder.mode === 'graduated' ? { ...NOTHING, bands: [] } : NOTHING;
}

export function priceMeter(world: World, id: string, month: string, now: number): Priced | NoPrice | null {
  const book = findMeter(world, id, month, now);
  const meter = book?.meters.find((m) => m.id === id);
  if (book === undefined || meter === undefined) throw new Error(`no meter ${id} in ${month}`);
  const calls = callsOf(world, id, month, now);
  if (calls.metered === 0) return null;
  const ladder = contractFor(world, id, month) ?? meter.ladder;
  const found = cost(meter, ladder, month, calls);
  if (found === 'unpriced') return { meter: id, quantity: choosing(ladder, calls) };
  const list = cost(meter, meter.ladder, month, calls);
  const amount = toCents(found.exact);
  const voucher = book.allowance.grant === 'voucher' ? toCents(found.freeCost) : 0n;
  const line: OracleLine = {
    meter: id,
    ...calls,
    tier: found.tier === null ? null : { above: found.tier.above, upTo: found.tier.upTo },
    unitPrice: found.tier?.unitPrice ?? null,
    ...(found.bands === null ? {} : { bands: found.bands }),
    exact: decimal(found.exact),
    voucher: money(voucher),
    amount: money(amount),
  };
  // Where no list price exists, the contract's (section 8).
  const listCost = list === 'unpriced' ? found.exact : list.exact;
  return { line, product: book.product, exact: found.exact, amount, listCost };
}
