/** One look over all accounts. Key: `all` for the sums, `month/YYYY-MM` for each billing month. */
import { plus, ZERO } from '../domain/money.ts';
import type { Projection } from './projection.ts';
import { type WideCount, wide } from './wide-count.ts';

export type OverviewView = {
  readonly accounts: number;
  readonly records: number;
  /** Exact: a number up to 2^53 − 1, decimal text beyond. */
  readonly calls: WideCount;
  readonly packsSold: number;
  readonly packRevenue: string;
  readonly bills: number;
  readonly settled: string;
  readonly freezesFailed: number;
};

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
  version: 1,
  project: ({ event }, values) => {
    const change = (key: string, part: (before: OverviewView) => Partial<OverviewView>) => {
      const before = values.get(key) ?? EMPTY;
      values.set(key, { ...before, ...part(before) });
    };
    switch (event.type) {
      case 'AccountOpened':
        return change('all', (b) => ({ accounts: b.accounts + 1 }));
      case 'PackPurchased': {
        const { packs, price } = event.data;
        const revenue = packs.reduce((sum) => plus(sum, price), ZERO);
        return change('all', (b) => ({
          packsSold: b.packsSold + packs.length,
          packRevenue: plus(b.packRevenue, revenue),
        }));
      }
      case 'CallsMetered':
        for (const { day, records, calls } of event.data.usage) {
          const more = (b: OverviewView) => ({
            records: b.records + records,
            calls: wide(b.calls, calls),
          });
          change('all', more);
          change(`month/${day.slice(0, 7)}`, more);
        }
        return;
      case 'UsageCorrected': {
        const more = (b: OverviewView) => ({
          calls: wide(b.calls, event.data.to - event.data.from),
        });
        change('all', more);
        return change(`month/${event.data.day.slice(0, 7)}`, more);
      }
      case 'MonthClosed': {
        const billed = (b: OverviewView) => ({
          bills: b.bills + 1,
          settled: plus(b.settled, event.data.bill.due ?? ZERO),
        });
        change('all', billed);
        return change(`month/${event.data.bill.month}`, billed);
      }
      case 'FreezeFailed':
        return change('all', (b) => ({ freezesFailed: b.freezesFailed + 1 }));
    }
  },
};
