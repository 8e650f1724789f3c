/**
 * Explains a bill completely: for each line its formula, the reason for its tier, the packs that paid and their order,
 * why other packs did not pay, and quantities by pool and day with their events; the sums; the corrections. Records are
 * read separately, in pages (`explain/records.ts`).
 */

import type { BillLine } from '../../domain/bill.ts';
import { asPublished, inForce } from '../../domain/catalogue.ts';
import type { BillingContext } from '../../domain/context.ts';
import { severalOfMeter } from '../../domain/unit-words.ts';
import type { StreamReads } from '../../eventstore/event-store.ts';
import type { IssuedBill } from '../../ledger/queries/bills.ts';
import { accountEventsOf, closeAt, type ExplainedEvent, firstUsage } from './account-events.ts';
import { moves, originsOf } from './carried-origins.ts';
import { type CorrectionExplained, explainCorrections } from './corrections.ts';
import { packSpending } from './pack-reasons.ts';
import { explainPacks, type PackExplained } from './packs.ts';
import { explainTier, type TierExplained } from './tier.ts';
import { explainTotals, type TotalsExplained } from './totals.ts';
import { type DayUsage, gatherUsage, type PoolUsage } from './usage.ts';

/** A day's usage, finished. */
export type DayExplained = Omit<DayUsage, 'events'> & { readonly events: readonly number[] };

export interface LineExplained {
  readonly product: string;
  readonly meter: string;
  readonly formula: string;
  readonly amount: string | null;
  readonly quantities: {
    readonly metered: number;
    readonly free: number;
    readonly packs: number;
    readonly postPaid: number;
    readonly waived?: number | undefined;
  };
  /** The reason for the price in a sentence; `tier` has the details. */
  readonly why: string;
  readonly tier: TierExplained;
  /** Packs that paid, in the order of their first call. */
  readonly packs: readonly { readonly pack: string; readonly calls: number }[];
  /** Packs of the product: their place in the order of deduction, or why they did not pay. */
  readonly held: readonly PackExplained[];
  /** Number of further packs that did not pay and are not listed; absent if all are listed. */
  readonly heldMore?: number | undefined;
  readonly pools: readonly PoolUsage[];
  readonly days: readonly DayExplained[];
  /** Revisions of the events that metered or corrected its calls. */
  readonly events: readonly number[];
}

export interface Explanation {
  readonly account: string;
  readonly month: string;
  readonly due: string | null;
  readonly total: string | null;
  readonly totals: TotalsExplained;
  readonly lines: readonly LineExplained[];
  readonly corrections: readonly CorrectionExplained[];
  readonly priceBooks: readonly {
    readonly product: string;
    readonly edition: string;
    readonly digest: string;
  }[];
  readonly stream: string;
  /** `usage`: the first event that may have calls of the month. */
  readonly events: {
    readonly from: number;
    readonly to: number;
    readonly usage: number;
    readonly closed: number;
  };
}

/** Where a bill's events are read: a ledger, or the file that has them. */
export interface ExplainFrom extends BillingContext {
  readonly store: StreamReads;
}

/** Maximum number of events that follow MonthClosed in its append. */
const MOVES = 4;

/** Explains an issued bill, or one meter of it. Throws if the event at `closed` is not a close. */
export const explainBill = async (
  { store, calendar, catalogue: published }: ExplainFrom,
  issued: IssuedBill,
  meter?: string,
): Promise<Explanation> => {
  const { bill, closed } = issued;
  const { stream, from, to } = bill.events;
  const close = await closeAt(store, stream, closed);
  if (!close) throw new Error(`event ${closed} of ${stream} closes no month`);
  const catalogue = asPublished(published, close.event.data.catalogue);
  const account = close.event.data.carried;
  const first = await firstUsage(store, stream, close, bill.month);
  const usage = gatherUsage(catalogue, bill.month);
  const before: ExplainedEvent[] = [];
  for await (const found of accountEventsOf(store, stream, { from: Math.min(first, from), to })) {
    usage.add(found.event, found.revision);
    if (found.revision >= from) before.push(found);
  }
  const after: ExplainedEvent[] = [];
  for await (const found of accountEventsOf(store, stream, { from: closed + 1, to: closed + MOVES }))
    after.push(found);
  const spending = packSpending(account);
  const packsOf = Map.groupBy(account.packs, ({ product }) => product);
  const lines = bill.lines.filter((line) => meter === undefined || line.meter === meter);
  const origins = await originsOf(store, stream, close, lines);
  const explained = (line: BillLine): LineExplained => {
    const edition = inForce(catalogue, line.product, bill.month);
    if (!edition) throw new Error(`no edition of ${line.product} rules ${bill.month}`);
    const own = usage.of(line.meter);
    const tier = explainTier({ line, account, month: bill.month, edition, agreed: origins.agreed });
    const { metered, free, packs, postPaid, waived } = line;
    const { held, more } = explainPacks({
      spending,
      calendar,
      catalogue,
      month: bill.month,
      packs: packsOf.get(line.product) ?? [],
      usage: own,
      lives: origins.lives,
      units: severalOfMeter(catalogue, line, bill.month),
    });
    return {
      product: line.product,
      meter: line.meter,
      formula: line.formula,
      amount: line.amount,
      quantities: { metered, free, packs, postPaid, ...(waived === undefined ? {} : { waived }) },
      why: tier.reached,
      tier,
      packs: [...own.packs].map(([pack, calls]) => ({ pack, calls })),
      held,
      ...(more === 0 ? {} : { heldMore: more }),
      pools: own.pools,
      days: own.days,
      events: own.events,
    };
  };
  const previous = await closeAt(store, stream, from - 1);
  return {
    account: bill.account,
    month: bill.month,
    due: bill.due,
    total: bill.total,
    totals: explainTotals(bill, account, catalogue, before, moves(after)),
    lines: lines.map(explained),
    corrections: explainCorrections({
      ...{ bill, account, catalogue, events: before },
      before: previous?.event.data.carried ?? null,
    }),
    priceBooks: bill.priceBooks,
    stream,
    events: { from, to, usage: first, closed },
  };
};
