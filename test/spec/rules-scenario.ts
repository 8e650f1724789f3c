/** A small life that the first rules told wrongly: see `notices-and-grace.test.ts` and `test/history/rules-1.ndjson`. */
import type { PriceBook } from '../../src/domain/price-book.ts';
import { soundBook, withLadder } from '../price-books/sound-book.ts';
import type { Given } from '../support/given.ts';

const edition = (effectiveFrom: string, graceDays: number): PriceBook => ({
  ...soundBook,
  edition: effectiveFrom,
  effectiveFrom,
  interfaces: soundBook.interfaces.map((one) => ({ ...one, counts: 'calls' as const })),
  pools: soundBook.pools.map((pool) => ({
    ...pool,
    packs: [
      { size: 100, price: '1.00' },
      { size: 5, price: '0.10' },
    ],
  })),
  meters: [
    withLadder({ tiers: [{ above: 0, upTo: null, unitPrice: '0.50' }] }),
    ...soundBook.meters.slice(1),
  ],
  arrears: { graceDays },
  notices: { low: { below: '0.15', of: 'pool' }, channels: ['in_app'] },
});

/** Sixty days of grace, then five, then none. */
export const BOOKS: readonly PriceBook[] = [
  edition('2019-01', 60),
  edition('2019-02', 5),
  edition('2019-03', 0),
];

export const BOUGHT = '2019-01-10T10:00:00+08:00';
export const TURNED = '2019-01-12T10:00:00+08:00';

/** January and February of an account whose packs run low, who buys small ones, and who falls into arrears. */
export const lived = async ({ has, meters, closes }: Given): Promise<void> => {
  await has('2019-01-02T10:00:00+08:00', 'deposit', { amount: '20.00', reference: 'first' });
  await has('2019-01-02T10:00:00+08:00', 'buy-packs', { pool: 'toy/a', size: 100 });
  // Five are free; of the hundred in the pack ten are left.
  await meters('2019-01-09T10:00:00+08:00', 'toy/one', 95);
  await has(BOUGHT, 'buy-packs', { pool: 'toy/a', size: 5 });
  await has(BOUGHT, 'buy-packs', { pool: 'toy/a', size: 5 });
  for (const name of ['suspend', 'lift-suspension', 'suspend', 'lift-suspension'] as const)
    await has(TURNED, name, {});
  await meters('2019-01-20T10:00:00+08:00', 'toy/two', 105);
  await closes('2019-01', '2019-02-01T04:00:00+08:00');
  await meters('2019-02-10T10:00:00+08:00', 'toy/two', 15);
  await closes('2019-02', '2019-03-01T04:00:00+08:00');
};
