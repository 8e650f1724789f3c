/**
 * Totals over all accounts. Key: `all` for the sums, `month/YYYY-MM` for a billing month; the months add up to `all`.
 */
import * as z from 'zod';
import type { Month } from '../domain/calendar.ts';
import { minus, plus, times, ZERO } from '../domain/money.ts';
import type { Projection } from './projection.ts';
import { wide } from './wide-count.ts';

const overviewView = z.strictObject({
  /** Accounts opened (in the month). */
  accounts: z.int(),
  /** By event time. */
  records: z.int(),
  /** Exact: a number up to 2^53 − 1, decimal text beyond. */
  calls: z.union([z.int(), z.string()]),
  /** Without granted ones; by the instant of purchase, and a return takes its pack off at its own. */
  packsSold: z.int(),
  packRevenue: z.string(),
  /** By the billed month, not by the instant of the close. */
  bills: z.int(),
  settled: z.string(),
  freezesFailed: z.int(),
});
export type OverviewView = Readonly<z.infer<typeof overviewView>>;

const EMPTY: OverviewView = {
  accounts: 0,
  records: 0,
  calls: 0,
  packsSold: 0,
  packRevenue: ZERO,
  bills: 0,
  settled: ZERO,
  freezesFailed: 0,
};

export const overview: Projection<OverviewView> = {
  name: 'overview',
  version: 2,
  schema: overviewView,
  project: ({ event }, values, calendar) => {
    /** Applies a change to the totals and to a month, which keeps the two consistent. */
    const change = (month: Month, part: (before: OverviewView) => Partial<OverviewView>) => {
      for (const key of ['all', `month/${month}`]) {
        const before = values.get(key) ?? EMPTY;
        values.set(key, { ...before, ...part(before) });
      }
    };
    switch (event.type) {
      case 'AccountOpened':
        return change(calendar.monthOf(event.at), (b) => ({ accounts: b.accounts + 1 }));
      case 'PackPurchased': {
        const { packs, price } = event.data;
        const revenue = times(price, packs.length);
        return change(calendar.monthOf(event.at), (b) => ({
          packsSold: b.packsSold + packs.length,
          packRevenue: plus(b.packRevenue, revenue),
        }));
      }
      case 'PackReturned':
        return change(calendar.monthOf(event.at), (b) => ({
          packsSold: b.packsSold - 1,
          packRevenue: minus(b.packRevenue, event.data.price),
        }));
      case 'CallsMetered':
        for (const { day, records, calls } of event.data.usage)
          change(day.slice(0, 7), (b) => ({ records: b.records + records, calls: wide(b.calls, calls) }));
        return;
      case 'UsageCorrected': {
        const { day, from, to } = event.data;
        return change(day.slice(0, 7), (b) => ({ calls: wide(b.calls, to - from) }));
      }
      case 'MonthClosed':
        return change(event.data.bill.month, (b) => ({
          bills: b.bills + 1,
          settled: plus(b.settled, event.data.bill.due ?? ZERO),
        }));
      case 'FreezeFailed':
        return change(event.data.month, (b) => ({ freezesFailed: b.freezesFailed + 1 }));
    }
  },
};
