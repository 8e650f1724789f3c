/** The last call of one thing and the first of the next. */
import { describe, expect, test } from 'vitest';
import { ACCOUNT, givenLedger, instant } from '../support/given.ts';

const CLOSE = '2019-02-01T04:00:00+08:00';
const rich = async (product: string) => {
  const given = await givenLedger([product]);
  await given.has('2019-01-01T00:00:00+08:00', 'deposit', { amount: '900000', reference: 'w' });
  return given;
};

describe('tiers', () => {
  test.each([
    ['face-recognition/compare', 3_010_000, '0.0032'],
    ['face-recognition/compare', 3_010_001, '0.003'],
    ['face-recognition/compare', 15_010_000, '0.003'],
    ['face-recognition/compare', 15_010_001, '0.0027'],
    ['body-analysis/segmentation', 11_000, '0.01'],
    ['body-analysis/segmentation', 11_001, '0.009'],
    ['ocr/id-card', 1_000, null],
    ['ocr/id-card', 1_001, '0.15'],
    ['ocr/id-card', 10_000, '0.15'],
    ['ocr/id-card', 10_001, '0.10'],
  ])('%s, %i calls: %s', async (id, calls, unitPrice) => {
    const given = await rich(id.split('/')[0] ?? '');
    await given.meters('2019-01-10T00:00:00+08:00', id, calls);
    const { lines } = await given.closes('2019-01', CLOSE);
    expect(lines[0]?.unitPrice ?? null).toBe(unitPrice);
  });

  test('one call beyond the last priced tier: the close is refused with month, meter and quantity', async () => {
    const given = await rich('ocr');
    await given.meters('2019-01-10T00:00:00+08:00', 'ocr/id-card', 1_000_001);
    const answer = await given.when(CLOSE, 'close-month', { month: '2019-01' });
    expect(answer).toMatchObject({
      refusal: {
        code: 'price_not_agreed',
        members: { meter: 'ocr/id-card', month: '2019-01', quantity: 1_000_001 },
      },
    });
    const ladder = {
      mode: 'volume',
      tierBy: 'post_paid',
      bounds: 'upper',
      per: 1,
      tiers: [{ above: 0, upTo: null, unitPrice: '0.05' }],
    };
    await given.has(CLOSE, 'agree-price', { meter: 'ocr/id-card', from: '2019-01', ladder });
    const { lines } = await given.closes('2019-01', CLOSE);
    expect(lines[0]).toMatchObject({ postPaid: 999_001, amount: '49950.05' });
  });
});

describe('packs', () => {
  const BOUGHT = '2019-01-10T10:00:00+08:00';
  const EXPIRES = '2020-01-10T10:00:00+08:00';
  const body = { pool: 'body-analysis/search', size: 10_000, quantity: 1 };

  test('a call at the very instant of purchase is paid by the pack, one before is not', async () => {
    const given = await rich('body-analysis');
    await given.meters(BOUGHT, 'body-analysis/search', 1_000, { time: '2019-01-02T00:00:00+08:00' });
    await given.has(BOUGHT, 'buy-packs', body);
    await given.meters(BOUGHT, 'body-analysis/search', 5, { time: BOUGHT });
    await given.meters(BOUGHT, 'body-analysis/search', 7, { time: '2019-01-10T09:59:59.999+08:00' });
    const { packs, months } = await given.account();
    expect(packs[0]?.left).toBe(9_995);
    expect(months['2019-01']?.groups['body-analysis/search']).toMatchObject({ free: 1_000, postPaid: 7 });
  });

  test('a call at the very instant of expiry is not paid by it, one before is, also when reported later', async () => {
    const given = await rich('body-analysis');
    await given.has(BOUGHT, 'buy-packs', body);
    await given.meters(EXPIRES, 'body-analysis/search', 1_000, { time: '2020-01-02T00:00:00+08:00' });
    await given.meters(EXPIRES, 'body-analysis/search', 3, { time: EXPIRES });
    await given.meters(EXPIRES, 'body-analysis/search', 4, { time: '2020-01-10T09:59:59.999+08:00' });
    expect((await given.account()).packs[0]?.left).toBe(9_996);
    const events = await given.ledger.store.read('account-acme', {
      from: 0,
      limit: 99,
      direction: 'forwards',
      records: false,
    });
    const expired = events.filter(({ header }) => header.includes('"PackExpired"'));
    expect(expired.map(({ header }) => JSON.parse(header).at)).toEqual(['2020-01-10T02:00:00.000Z']);
  });

  test('the last call of a pack and the first beyond it', async () => {
    const given = await rich('body-analysis');
    await given.has(BOUGHT, 'buy-packs', body);
    await given.meters(BOUGHT, 'body-analysis/search', 11_000);
    expect((await given.account()).months['2019-01']?.groups['body-analysis/search']?.postPaid).toBe(0);
    await given.meters(BOUGHT, 'body-analysis/search', 1);
    expect((await given.account()).months['2019-01']?.groups['body-analysis/search']?.postPaid).toBe(1);
  });

  test('a pack bought on 29 February expires on 28 February', async () => {
    const given = await givenLedger(['body-analysis'], { opened: '2020-02-29T08:00:00+08:00' });
    await given.has('2020-02-29T08:00:00+08:00', 'deposit', { amount: '18', reference: 'w' });
    await given.has('2020-02-29T08:30:00+08:00', 'buy-packs', body);
    expect((await given.account()).packs[0]?.expiresAt).toBe(instant('2021-02-28T08:30:00+08:00'));
  });
});

test('a pack of the first OCR edition pays for both interfaces in the second', async () => {
  const given = await rich('ocr');
  await given.has('2019-06-01T00:00:00+08:00', 'buy-packs', {
    pool: 'ocr/vehicle-and-driver-license',
    size: 1_000,
    quantity: 1,
  });
  const at = '2020-01-05T00:00:00+08:00';
  await given.meters(at, 'ocr/driver-license', 1_100);
  await given.meters(at, 'ocr/vehicle-license', 1_200);
  const { packs, months } = await given.account();
  expect(packs[0]?.left).toBe(700);
  expect(Object.keys(months['2020-01']?.groups ?? {})).toEqual(['ocr/driver-license', 'ocr/vehicle-license']);
});

test("a month's first and last instant in the billing zone", async () => {
  const given = await rich('body-analysis');
  const at = '2019-02-01T00:00:00+08:00';
  await given.meters(at, 'body-analysis/search', 1, { time: '2019-01-31T23:59:59.999+08:00' });
  await given.meters(at, 'body-analysis/search', 2, { time: '2019-01-31T16:00:00Z' });
  const { months } = await given.account();
  expect([months['2019-01'], months['2019-02']].map((m) => m?.groups['body-analysis/search']?.free)).toEqual([
    1, 2,
  ]);
});

test('the close is one append in the order of the rules, and closing again is harmless', async () => {
  const given = await rich('face-recognition');
  await given.meters('2019-01-10T00:00:00+08:00', 'face-recognition/compare', 1_000_000);
  await given.closes('2019-01', CLOSE);
  await given.meters('2019-02-10T00:00:00+08:00', 'face-recognition/compare', 1_000_000);
  const events = await given.has('2019-03-01T04:00:00+08:00', 'close-month', { month: '2019-02' });
  expect(events.map(({ type }) => type)).toEqual([
    'MonthClosed',
    'FundsUnfrozen',
    'BillSettled',
    'FundsFrozen',
    'NoticesRaised',
  ]);
  expect(await given.has('2019-03-02T04:00:00+08:00', 'close-month', { month: '2019-01' })).toEqual([]);
  expect(await given.refused('2019-03-02T04:00:00+08:00', 'close-month', { month: '2019-03' })).toBe(
    'month_not_over',
  );
});

test('arrears suspend at the close, a deposit lifts them, and calls in between are refused whenever they are reported', async () => {
  const given = await givenLedger(['body-analysis']);
  await given.meters('2019-01-10T00:00:00+08:00', 'body-analysis/search', 2_000);
  await given.closes('2019-01', CLOSE);
  await given.has('2019-02-03T00:00:00+08:00', 'deposit', { amount: '2', reference: 'w' });
  const later = '2019-02-04T00:00:00+08:00';
  expect(
    await given.meters(later, 'body-analysis/search', 1, { time: '2019-02-02T00:00:00+08:00' }),
  ).toMatchObject({ outcome: 'refused', code: 'suspended', field: 'time' });
  expect(await given.meters(later, 'body-analysis/search', 1, { time: '2019-02-03T00:00:00+08:00' })).toEqual(
    { outcome: 'accepted' },
  );
  expect(
    await given.meters(later, 'body-analysis/search', 1, { time: '2019-02-01T03:59:59.999+08:00' }),
  ).toEqual({ outcome: 'accepted' });
});

test('the on-the-hour notice: below a fifth and then empty before the hour says only that it is exhausted', async () => {
  const given = await givenLedger(['ocr'], { opened: '2020-01-01T00:00:00+08:00' });
  await given.has('2020-01-01T00:00:00+08:00', 'deposit', { amount: '120', reference: 'w' });
  await given.has('2020-01-02T10:10:00+08:00', 'buy-packs', {
    pool: 'ocr/id-card',
    size: 1_000,
    quantity: 1,
  });
  await given.meters('2020-01-02T10:20:00+08:00', 'ocr/id-card', 1_900);
  await given.meters('2020-01-02T10:40:00+08:00', 'ocr/id-card', 200);
  await given.meters('2020-01-02T11:30:00+08:00', 'ocr/id-card', 1);
  const events = await given.ledger.store.read(`account-${ACCOUNT}`, {
    from: 0,
    limit: 99,
    direction: 'forwards',
    records: false,
  });
  const told = events.flatMap(({ header, data }) =>
    header.includes('NoticesRaised')
      ? JSON.parse(data).notices.map((n: { kind: string }) => [n.kind, JSON.parse(header).at])
      : [],
  );
  expect(told).toEqual([['pack_exhausted', '2020-01-02T03:00:00.000Z']]);
});

test('an account with 8,000 packs meters, closes within one append and goes on', async () => {
  const given = await givenLedger(['body-analysis']);
  await given.has('2019-01-01T00:00:00+08:00', 'deposit', { amount: '90000000', reference: 'w' });
  for (let hour = 10; hour < 18; hour++) {
    const body = { pool: 'body-analysis/search', size: 10_000, quantity: 1_000 };
    await given.has(`2019-01-02T${hour}:00:00+08:00`, 'buy-packs', body);
  }
  await given.meters('2019-01-10T00:00:00+08:00', 'body-analysis/search', 26_000);
  const { packPurchases } = await given.closes('2019-01', CLOSE);
  expect(packPurchases.length).toBe(8_000);
  await given.meters('2019-02-10T00:00:00+08:00', 'body-analysis/search', 10_000);
  const { lines } = await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
  expect(lines[0]?.postPaid).toBe(0);
  const { packs } = await given.account();
  expect(packs.length).toBe(8_000);
  // 26,000 and 10,000 calls, less the thousand that is free in each month.
  expect(packs.reduce((sum, { size, left }) => sum + size - left, 0)).toBe(36_000 - 2_000);
});
