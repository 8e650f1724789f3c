/** Why a tier is what it is: every kind of ladder, a list or a contract price, free months and vouchers. */
import { describe, expect, test } from 'vitest';
import { explainBill } from '../../src/audit/explain/explain-bill.ts';
import type { Ladder, PriceBook } from '../../src/domain/price-book.ts';
import { issuedBill } from '../../src/ledger/queries/bills.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { ACCOUNT, type Given, givenLedger } from '../support/given.ts';

const named = (id: string) => ({ id, name: { zh: id, en: id } });
const tiers = [
  { above: 0, upTo: 10, unitPrice: '2' },
  { above: 10, upTo: null, unitPrice: '1' },
];
const bookOf = (ladder: Partial<Ladder>, more: Partial<PriceBook> = {}, freeUntil?: string): PriceBook => ({
  product: 'toy',
  edition: '2019-01',
  effectiveFrom: '2019-01',
  name: { zh: 'toy', en: 'toy' },
  source: 'test',
  allowance: { calls: 5, grant: 'pack', inFirstMonth: true },
  freeze: null,
  arrears: { graceDays: 0 },
  notices: null,
  interfaces: [{ ...named('toy/i'), pool: 'toy/p', meter: 'toy/m', counts: 'calls' }],
  pools: [{ ...named('toy/p'), meter: 'toy/m', packs: [{ size: 4, price: '1.00' }] }],
  meters: [
    {
      ...named('toy/m'),
      ...(freeUntil === undefined ? {} : { freeUntil }),
      ladder: { mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1, tiers, ...ladder },
    },
  ],
  ...more,
});

const tierOf = async (given: Given, month = '2019-01') => {
  const { store, calendar } = given.ledger;
  const issued = await issuedBill(store, ACCOUNT, month);
  if (!issued) throw new Error('no bill');
  const told = await explainBill({ store, calendar, catalogue: given.ledger.catalogue() }, issued);
  const [line] = told.lines;
  if (!line) throw new Error('no line');
  return line;
};

/** Four calls by a pack, five free ones, the rest post-paid. */
const lived = async (book: PriceBook, calls: number, before?: (given: Given) => Promise<unknown>) => {
  const given = await givenLedger(['toy'], { books: [book] });
  await given.has('2019-01-01T00:00:00+08:00', 'deposit', { amount: '1000', reference: 'w' });
  await given.has('2019-01-01T00:00:00+08:00', 'buy-packs', { pool: 'toy/p', size: 4, quantity: 1 });
  await before?.(given);
  await given.meters('2019-01-10T00:00:00+08:00', 'toy/i', calls);
  await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  return tierOf(given);
};

describe('the quantity that chose the tier', () => {
  test('is the post-paid calls; an upper bound belongs to its tier', async () => {
    const { tier, why } = await lived(bookOf({}), 19);
    expect([tier.quantity, tier.formed]).toEqual([10, 'the post-paid calls choose the tier: 10']);
    expect(why).toBe('tier reached, one price for all post-paid calls: 0 < 10 ≤ 10 → 2 yuan a call');
    expect(tier.because[0]).toContain('the list price of toy 2019-01 (in force from 2019-01, digest ');
  });

  test('is the post-paid and the free calls; a lower bound belongs to its tier', async () => {
    const { tier, why } = await lived(bookOf({ tierBy: 'post_paid_and_free', bounds: 'lower' }), 14);
    expect(tier.formed).toBe('the post-paid and the free calls choose the tier: 5 + 5 = 10');
    expect(why).toBe('tier reached, one price for all post-paid calls: 10 ≤ 10 → 1 yuan a call');
  });

  test('is all metered calls, priced per thousand', async () => {
    const { tier, why } = await lived(bookOf({ tierBy: 'metered', per: 1000 }), 14);
    expect(tier.formed).toBe('all metered calls choose the tier: 14');
    expect(why).toBe('tier reached, one price for all post-paid calls: 10 < 14 → 1 yuan per 1000 calls');
  });

  test('is laid along the tiers where the ladder is graduated', async () => {
    const { why } = await lived(bookOf({ mode: 'graduated' }), 22);
    expect(why).toBe(
      'graduated, each post-paid call at the price of the tier it lies in: 10 above 0 at 2, 3 above 10 at 1 yuan a call',
    );
    expect((await lived(bookOf({ mode: 'graduated' }), 3)).why).toBe(
      'graduated: no post-paid call lies in a tier',
    );
  });

  test('reaches no tier below the first', async () => {
    const { why } = await lived(bookOf({}), 9);
    expect(why).toBe('0 reaches no tier: the first lies above 0, so nothing is charged');
  });
});

test('a contract price names the months it holds for and the fact that agreed it; the later agreed one holds', async () => {
  const ladder = { mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1 } as const;
  const price = (unitPrice: string) => ({ ...ladder, tiers: [{ above: 0, upTo: null, unitPrice }] });
  const { tier, why } = await lived(bookOf({}), 20, async (given) => {
    const at = '2019-01-02T00:00:00+08:00';
    await given.has(at, 'agree-price', { meter: 'toy/m', from: '2019-01', ladder: price('0.7') });
    const later = { meter: 'toy/m', from: '2019-01', until: '2019-03', ladder: price('0.5') };
    await given.has(at, 'agree-price', later);
  });
  expect(tier.price).toEqual({ of: 'contract', from: '2019-01', until: '2019-03', event: 5 });
  expect(tier.because[0]).toMatch(
    /^a contract price from 2019-01 on, until 2019-03, excluded, agreed by event 5/,
  );
  expect(why).toContain('0.5 yuan a call');
});

test('a meter of another unit is told in that unit: its tier, its packs, its free ones', async () => {
  const seconds = { zh: '秒', en: 'second' };
  const interfaces = [
    { ...named('toy/i'), unit: seconds, pool: 'toy/p', meter: 'toy/m', counts: 'calls' as const },
  ];
  const { tier, why, held } = await lived(bookOf({ per: 1_000 }, { interfaces }), 19, (given) =>
    given.has('2019-01-02T00:00:00+08:00', 'buy-packs', { pool: 'toy/p', size: 4, quantity: 1 }),
  );
  expect(tier.formed).toBe('the post-paid seconds choose the tier: 6');
  expect(why).toBe('tier reached, one price for all post-paid seconds: 0 < 6 ≤ 10 → 2 yuan per 1000 seconds');
  expect(JSON.stringify([tier, held])).not.toContain('calls choose');
  const one = await lived(bookOf({ mode: 'graduated' }, { interfaces }), 9);
  expect(one.why).toBe('graduated: no post-paid second lies in a tier');
  expect(one.held.map((pack) => pack.why)).toEqual(['no other pack paid for these seconds']);
});

test('a free month costs nothing, whatever is agreed', async () => {
  const { tier, why } = await lived(bookOf({}, {}, '2019-02'), 20);
  expect([tier.freeUntil, why]).toEqual([
    '2019-02',
    'months before 2019-02 cost nothing, whatever is agreed',
  ]);
});

test('a voucher takes the free calls off again', async () => {
  const given = await givenLedger(['ocr'], { books: shippedPriceBooks() });
  await given.meters('2019-01-10T00:00:00+08:00', 'ocr/id-card', 9_000);
  await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  const { tier, formula } = await tierOf(given);
  expect(formula).toBe('9000 × 0.15 − 1000 × 0.15 = 1200');
  expect(tier.voucher).toEqual({ calls: 1_000, amount: '150.00' });
  expect(tier.formed).toBe('the post-paid and the free calls choose the tier: 8000 + 1000 = 9000');
  expect(tier.because.at(-1)).toBe('the voucher takes the 1000 free calls off again: 150.00 yuan');
});
