/** The bills of an account as FOCUS rows, with the cost of packs amortized over the calls they paid. */
import type { Pack } from '../domain/account.ts';
import type { Month } from '../domain/calendar.ts';
import type { Tally } from '../domain/events.ts';
import { type ExactDecimal, exact, plain } from '../domain/money.ts';
import { talliesOf } from '../domain/usage-sums.ts';
import type { ReadContext } from '../ledger/context.ts';
import { accountEventsFrom } from './account-events.ts';
import type { Cell } from './csv.ts';
import { focusCells } from './focus-columns.ts';
import { focusRows } from './focus-rows.ts';
import { type Period, within } from './period.ts';

export interface FocusFrom extends ReadContext {
  readonly period: Period;
  readonly provider: string;
}

/** Points of packs, by meter and pack. */
type PaidByPacks = Map<string, Map<string, number>>;

/**
 * Rows of all bills of an account whose month begins within a period, oldest first. Reads the events once, and keeps
 * the calls paid by each pack only for months that are still open.
 */
export async function* focusOf(
  { store, calendar, catalogue, period, provider }: FocusFrom,
  account: string,
): AsyncGenerator<readonly Cell[]> {
  const months = new Map<Month, PaidByPacks>();
  for await (const { event } of accountEventsFrom(store, account, 0)) {
    for (const tally of talliesOf(event)) count(months, tally);
    if (event.type !== 'MonthClosed') continue;
    const { bill, carried } = event.data;
    const paid = months.get(bill.month);
    months.delete(bill.month);
    const start = calendar.startOf(bill.month);
    if (period.to !== null && start >= period.to) return;
    if (!within(period, start)) continue;
    const packCosts = sharesOf(paid, carried.packs);
    for (const row of focusRows(bill, { calendar, catalogue, provider, packCosts })) yield focusCells(row);
  }
}

const count = (months: Map<Month, PaidByPacks>, { month, meter, runs }: Tally): void => {
  if (runs.length === 0) return;
  const meters: PaidByPacks = months.get(month) ?? new Map();
  const packs = meters.get(meter) ?? new Map<string, number>();
  for (const [pack, units, weight = 1] of runs) packs.set(pack, (packs.get(pack) ?? 0) + units * weight);
  months.set(month, meters.set(meter, packs));
};

/** Decimal places of a share, which may not be a finite decimal; more than enough for any bill. */
const PLACES = 12;

/** By meter, in yuan: points of each pack × its price ÷ its size. */
const sharesOf = (
  paid: PaidByPacks | undefined,
  packs: readonly Pack[],
): ReadonlyMap<string, ExactDecimal> => {
  const held = new Map(packs.map((pack) => [pack.pack, pack]));
  const shares = new Map<string, ExactDecimal>();
  for (const [meter, calls] of paid ?? []) {
    let share = exact(0);
    for (const [id, n] of calls) {
      const pack = held.get(id);
      if (pack) share = share.plus(exact(pack.price).times(n).dividedBy(pack.size));
    }
    shares.set(meter, plain(share.toDecimalPlaces(PLACES)));
  }
  return shares;
};
