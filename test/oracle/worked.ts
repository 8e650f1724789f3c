/** Ladders of the price pages' worked examples, each as a small book of its own product. */
import type { Ladder, PriceBook } from '../../src/domain/price-book.ts';
import type { Life, LifeLine, LifeOutcome, OracleBill } from './life.ts';
import { runLife } from './oracle.ts';

interface Page {
  readonly bounds: readonly [number, ...number[]];
  readonly prices: readonly (string | null)[];
  readonly allowance: number;
  readonly packs: PriceBook['pools'][number]['packs'];
  readonly more?: Partial<Pick<PriceBook, 'freeze' | 'arrears'>>;
  readonly allowanceMore?: Partial<PriceBook['allowance']>;
  readonly ladder?: Partial<Ladder>;
}

/** One interface `x/i`, one pool `x/p`, one meter `x/m`. */
export function pageBook(page: Page): PriceBook {
  const tiers = page.prices.map((unitPrice, i) => ({
    above: page.bounds[i] ?? 0,
    upTo: page.bounds[i + 1] ?? null,
    unitPrice,
  }));
  const name = { zh: 'x', en: 'x' };
  return {
    product: 'x',
    edition: '2019-01',
    effectiveFrom: '2019-01',
    name,
    source: 'synthetic copy',
    interfaces: [{ id: 'x/i', name, pool: 'x/p', meter: 'x/m', counts: 'calls' }],
    pools: [{ id: 'x/p', name, meter: 'x/m', packs: page.packs }],
    meters: [
      {
        id: 'x/m',
        name,
        ladder: { mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1, tiers, ...page.ladder },
      },
    ],
    allowance: { calls: page.allowance, grant: 'pack', inFirstMonth: true, ...page.allowanceMore },
    freeze: null,
    arrears: { graceDays: 0 },
    notices: null,
    ...page.more,
  };
}

export const at = (time: string): string => `${time}+08:00`;

/** Opened and activated in January 2019 with a million yuan; then what is given. */
export function lifeOn(book: PriceBook, lines: readonly LifeLine[], deposit = '1000000.00'): Life {
  const begun = at('2019-01-01T00:00:00');
  return {
    zone: 'Asia/Shanghai',
    books: [{ at: at('2018-12-01T00:00:00'), book }],
    lines: [
      { at: begun, command: 'open-account', name: 'A' },
      { at: begun, command: 'activate-service', product: book.product },
      ...(deposit === '0.00'
        ? []
        : [{ at: begun, command: 'deposit' as const, amount: deposit, reference: 'first' }]),
      ...lines,
    ],
  };
}

/** Identities only have to differ. */
let reports = 0;
export function calls(time: string, count: number, told = time, id?: string): LifeLine {
  reports += 1;
  const identity = { source: '/gw', id: id ?? `r${reports}` };
  return { at: at(told), usage: [{ ...identity, interface: 'x/i', time: at(time), calls: count }] };
}

export const close = (month: string, time: string): LifeLine => ({
  at: at(time),
  command: 'close-month',
  month,
});

export function buy(time: string, size: number, quantity = 1): LifeLine {
  return { at: at(time), command: 'buy-packs', pool: 'x/p', size, quantity };
}

export function billOf(outcome: LifeOutcome, month: string): OracleBill {
  const bill = outcome.bills[month];
  if (bill === undefined) throw new Error(`no bill for ${month}: ${JSON.stringify(outcome.answers)}`);
  return bill;
}

/** The February bill of calls made in February, perhaps after packs. */
export function februaryBill(book: PriceBook, count: number, packSize?: number): OracleBill {
  const bought = packSize === undefined ? [] : [buy('2019-02-01T09:00:00', packSize)];
  const lines = [
    close('2019-01', '2019-02-01T08:00:00'),
    ...bought,
    calls('2019-02-03T10:00:00', count),
    close('2019-02', '2019-03-01T04:00:00'),
  ];
  return billOf(runLife(lifeOn(book, lines)), '2019-02');
}
