/** What the books say beside their prices: rules.md, sections 2, 4, 6, 8, 9 and 11. Needs no price page. */
import { describe, expect, test } from 'vitest';
import { bookProblems } from '../../src/domain/price-book-problems.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { countedIn } from '../support/counted-interface.ts';
import { bookOf } from './shipped-book.ts';

const told = { low: { below: '0.15', of: 'pool' }, channels: ['in_app', 'email', 'sms'] };
const first = [
  {
    product: 'image-analysis',
    allowance: { calls: 10000, grant: 'pack', inFirstMonth: false },
    freeze: { rate: '1.2', of: 'list', onFailure: 'notify' },
  },
  {
    product: 'face-recognition',
    allowance: { calls: 10000, grant: 'pack', inFirstMonth: true },
    freeze: { rate: '1.2', of: 'list', onFailure: 'suspend' },
  },
  { product: 'body-analysis', allowance: { calls: 1000, grant: 'pack', inFirstMonth: true }, freeze: null },
  {
    product: 'ocr',
    allowance: { calls: 1000, grant: 'voucher', inFirstMonth: true },
    freeze: { rate: '1.2', of: 'bill', onFailure: 'notify' },
  },
] as const;
const second = {
  product: 'ocr',
  edition: '2020-01',
  effectiveFrom: '2020-01',
  allowance: { calls: 1000, grant: 'pack', inFirstMonth: true },
  freeze: { rate: '1', of: 'list', onFailure: 'notify' },
  notices: {
    low: { below: '0.2', of: 'last_pack' },
    channels: ['in_app', 'email', 'sms', 'wechat'],
    onTheHour: { from: '10:00', to: '22:00' },
  },
} as const;
const expected = [
  ...first.map((one) => ({ ...one, edition: '2019-01', effectiveFrom: '2019-01', notices: told })),
  second,
].map((one) => ({ ...one, arrears: { graceDays: 0 } }));

test('the five books, in the order in which they take effect, with their policies', () => {
  const policies = shippedPriceBooks().map(
    ({ product, edition, effectiveFrom, allowance, freeze, notices, arrears }) => ({
      product,
      edition,
      effectiveFrom,
      allowance,
      freeze,
      notices,
      arrears,
    }),
  );
  expect(policies).toEqual(expected);
});

test('every shipped book is sound', () => {
  for (const book of shippedPriceBooks()) expect(bookProblems(book), book.product).toEqual([]);
});

test('every ladder is tier reached, per call, bounds with their upper end; one edition counts free calls', () => {
  for (const { product, edition, meters } of shippedPriceBooks()) {
    const counting = product === 'ocr' && edition === '2019-01';
    for (const { id, ladder } of meters) {
      const { tiers, ...how } = ladder;
      const tierBy = counting ? 'post_paid_and_free' : 'post_paid';
      expect(how, id).toEqual({ mode: 'volume', tierBy, bounds: 'upper', per: 1 });
      expect(tiers[0]?.above, id).toBe(counting ? 1000 : 0);
    }
  }
});

test('the beta interfaces: a meter each, no pool, free until December 2019, then unpriced', () => {
  const { meters, ...of } = bookOf('image-analysis');
  const interfaces = countedIn(of);
  const beta = interfaces.filter(({ pool }) => pool === null);
  expect(beta.length).toBe(7);
  for (const { id, meter } of beta) {
    expect(interfaces.filter((one) => one.meter === meter).length, id).toBe(1);
    const { freeUntil, ladder } = meters.find((one) => one.id === meter) ?? {};
    expect(freeUntil, id).toBe('2019-12');
    expect(ladder?.tiers, id).toEqual([{ above: 0, upTo: null, unitPrice: null }]);
  }
  const free = shippedPriceBooks().flatMap((book) =>
    book.meters.filter((one) => one.freeUntil !== undefined),
  );
  expect(free.length).toBe(7);
});

test('one interface in all counts recognised images; two are not charged', () => {
  const all = shippedPriceBooks().flatMap(countedIn);
  expect(all.filter((one) => one.counts === 'recognised').map((one) => one.name.zh)).toEqual([
    '通用印刷体识别（API 2017）',
  ]);
  const uncharged = all.filter(({ pool, meter }) => pool === null && meter === null);
  expect(uncharged.map((one) => one.name.zh)).toEqual(['个体信息管理（其他）', '人体库管理（其他）']);
});

describe('what carries over from the first ocr edition to the second', () => {
  const before = bookOf('ocr');
  const after = bookOf('ocr', '2020-01');
  const later = (part: 'interfaces' | 'pools' | 'meters', id: string) =>
    after[part].find((one) => one.id === id)?.name.zh.replaceAll(' ', '');

  test.each(before.interfaces)('interface $name.zh', ({ id, name }) => {
    expect(later('interfaces', id)).toBe(`${name.zh}识别`);
  });
  test.each(before.meters)('meter $name.zh', ({ id, name }) => {
    expect(later('meters', id)).toBe(`${name.zh}识别`);
  });
  test.each(before.pools)('pool $name.zh', ({ id, name }) => {
    // The row of two documents is one pool in the first edition and two, with ids of their own, in the second.
    expect(later('pools', id)).toBe(name.zh.includes('/') ? undefined : `${name.zh}识别`);
  });

  test('two pools share one meter in the second edition, nine interfaces one pool', () => {
    const sharing = after.pools.filter(
      ({ meter }) => after.pools.filter((p) => p.meter === meter).length > 1,
    );
    expect(sharing.map(({ name }) => name.zh).sort()).toEqual(['行驶证识别', '驾驶证识别'].sort());
    const certificates = after.pools.find(({ name }) => name.zh === '通用证照识别');
    expect(countedIn(after).filter(({ pool }) => pool === certificates?.id).length).toBe(9);
  });
});
