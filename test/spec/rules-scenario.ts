/** A small life that the first rules decided wrongly: see `notices-and-grace.test.ts` and `test/history/rules-1.ndjson`. */
import type { PriceBook } from '../../src/domain/price-book.ts';
import { soundBook, withLadder } from '../price-books/sound-book.ts';
import { feb, jan } from '../support/days.ts';
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

export const BOUGHT = jan(10, '10:00');
export const TURNED = jan(12, '10:00');

/** January and February of an account whose packs run low, who buys small ones, and who falls into arrears. */
export const lived = async (given: Given): Promise<void> => {
  await given.deposits(jan(2, '10:00'), '20.00');
  await given.buys(jan(2, '10:00'), 'toy/a', 100);
  // Five are free; of the hundred in the pack ten are left.
  await given.meters(jan(9, '10:00'), 'toy/one', 95);
  await given.buys(BOUGHT, 'toy/a', 5);
  await given.buys(BOUGHT, 'toy/a', 5);
  for (const name of ['suspend', 'lift-suspension', 'suspend', 'lift-suspension'] as const)
    await given.has(TURNED, name, {});
  await given.meters(jan(20, '10:00'), 'toy/two', 105);
  await given.closes('2019-01');
  await given.meters(feb(10, '10:00'), 'toy/two', 15);
  await given.closes('2019-02');
};
