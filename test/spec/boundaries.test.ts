/** The last call of one thing and the first of the next. */
import { describe, expect, test } from 'vitest';
import { feb, jan, jun, justBefore, mar, year } from '../support/days.ts';
import { type Given, givenLedger } from '../support/given.ts';

const rich = async (product: string): Promise<Given> => {
  const given = await givenLedger([product]);
  await given.deposits(jan(1), '900000');
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
    await given.meters(jan(10), id, calls);
    const { lines } = await given.closes('2019-01');
    expect(lines[0]?.unitPrice ?? null).toBe(unitPrice);
  });

  test('one call beyond the last priced tier: the close is refused with month, meter and quantity', async () => {
    const given = await rich('ocr');
    await given.meters(jan(10), 'ocr/id-card', 1_000_001);
    expect(await given.when(feb(1, '04:00'), 'close-month', { month: '2019-01' })).toMatchObject({
      refusal: {
        code: 'price_not_agreed',
        members: { meter: 'ocr/id-card', month: '2019-01', quantity: 1_000_001 },
      },
    });
    const tiers = [{ above: 0, upTo: null, unitPrice: '0.05' }];
    const ladder = { mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1, tiers };
    await given.has(feb(1, '04:00'), 'agree-price', { meter: 'ocr/id-card', from: '2019-01', ladder });
    const { lines } = await given.closes('2019-01');
    expect(lines[0]).toMatchObject({ postPaid: 999_001, amount: '49950.05' });
  });
});

describe('packs', () => {
  const SEARCH = 'body-analysis/search';
  const BOUGHT = jan(10, '10:00');
  const EXPIRES = year(2020).jan(10, '10:00');
  const withPack = async (): Promise<Given> => {
    const given = await rich('body-analysis');
    await given.buys(BOUGHT, SEARCH, 10_000);
    return given;
  };
  const postPaid = async ({ account }: Given) =>
    (await account()).months['2019-01']?.groups[SEARCH]?.postPaid;

  test('a call at the very instant of purchase is paid by the pack, one before is not', async () => {
    const given = await rich('body-analysis');
    await given.meters(BOUGHT, SEARCH, 1_000, { time: jan(2) });
    await given.buys(BOUGHT, SEARCH, 10_000);
    await given.meters(BOUGHT, SEARCH, 5, { time: BOUGHT });
    await given.meters(BOUGHT, SEARCH, 7, { time: justBefore(BOUGHT) });
    const { packs, months } = await given.account();
    expect(packs[0]?.left).toBe(9_995);
    expect(months['2019-01']?.groups[SEARCH]).toMatchObject({ free: 1_000, postPaid: 7 });
  });

  test('a call at the very instant of expiry is not paid by it, one before is, also when reported later', async () => {
    const given = await withPack();
    await given.meters(EXPIRES, SEARCH, 1_000, { time: year(2020).jan(2) });
    await given.meters(EXPIRES, SEARCH, 3, { time: EXPIRES });
    await given.meters(EXPIRES, SEARCH, 4, { time: justBefore(EXPIRES) });
    expect((await given.account()).packs[0]?.left).toBe(9_996);
    const expired = (await given.facts()).filter(({ type }) => type === 'PackExpired');
    expect(expired.map(({ at }) => at)).toEqual([EXPIRES]);
  });

  test('the last call of a pack and the first beyond it', async () => {
    const given = await withPack();
    await given.meters(BOUGHT, SEARCH, 11_000);
    expect(await postPaid(given)).toBe(0);
    await given.meters(BOUGHT, SEARCH, 1);
    expect(await postPaid(given)).toBe(1);
  });

  test('a pack bought on 29 February expires on 28 February', async () => {
    const leapDay = year(2020).feb(29, '08:00');
    const given = await givenLedger(['body-analysis'], { opened: leapDay });
    await given.deposits(leapDay, '18');
    await given.buys(leapDay, SEARCH, 10_000);
    expect((await given.account()).packs[0]?.expiresAt).toBe(year(2021).feb(28, '08:00'));
  });
});

test('a pack of the first OCR edition pays for both interfaces in the second', async () => {
  const given = await rich('ocr');
  await given.buys(jun(1), 'ocr/vehicle-and-driver-license', 1_000);
  await given.meters(year(2020).jan(5), 'ocr/driver-license', 1_100);
  await given.meters(year(2020).jan(5), 'ocr/vehicle-license', 1_200);
  const { packs, months } = await given.account();
  expect(packs[0]?.left).toBe(700);
  expect(Object.keys(months['2020-01']?.groups ?? {})).toEqual(['ocr/driver-license', 'ocr/vehicle-license']);
});

test("a month's first and last instant in the billing zone", async () => {
  const given = await rich('body-analysis');
  await given.meters(feb(1), 'body-analysis/search', 1, { time: justBefore(feb(1)) });
  await given.meters(feb(1), 'body-analysis/search', 2, { time: feb(1) });
  const { months } = await given.account();
  const free = (month: string) => months[month]?.groups['body-analysis/search']?.free;
  expect([free('2019-01'), free('2019-02')]).toEqual([1, 2]);
});

test('the close is one append in the order of the rules, and closing again is harmless', async () => {
  const given = await rich('face-recognition');
  await given.meters(jan(10), 'face-recognition/compare', 1_000_000);
  await given.closes('2019-01');
  await given.meters(feb(10), 'face-recognition/compare', 1_000_000);
  const events = await given.has(mar(1, '04:00'), 'close-month', { month: '2019-02' });
  expect(events.map(({ type }) => type)).toEqual([
    'MonthClosed',
    'FundsUnfrozen',
    'BillSettled',
    'FundsFrozen',
    'NoticesRaised',
  ]);
  expect(await given.has(mar(2), 'close-month', { month: '2019-01' })).toEqual([]);
  expect(await given.refused(mar(2), 'close-month', { month: '2019-03' })).toBe('month_not_over');
});

test('arrears suspend at the close, a deposit lifts them, and calls in between are refused whenever they are reported', async () => {
  const given = await givenLedger(['body-analysis']);
  await given.meters(jan(10), 'body-analysis/search', 2_000);
  await given.closes('2019-01', feb(1, '04:00'));
  await given.deposits(feb(3), '2');
  const reported = (time: number) => given.meters(feb(4), 'body-analysis/search', 1, { time });
  expect(await reported(feb(2))).toMatchObject({ outcome: 'refused', code: 'suspended', field: 'time' });
  expect(await reported(feb(3))).toEqual({ outcome: 'accepted' });
  expect(await reported(justBefore(feb(1, '04:00')))).toEqual({ outcome: 'accepted' });
});

test('the on-the-hour notice: below a fifth and then empty before the hour says only that it is exhausted', async () => {
  const { jan: jan2020 } = year(2020);
  const given = await givenLedger(['ocr'], { opened: jan2020(1) });
  await given.deposits(jan2020(1), '120');
  await given.buys(jan2020(2, '10:10'), 'ocr/id-card', 1_000);
  await given.meters(jan2020(2, '10:20'), 'ocr/id-card', 1_900);
  await given.meters(jan2020(2, '10:40'), 'ocr/id-card', 200);
  await given.meters(jan2020(2, '11:30'), 'ocr/id-card', 1);
  const notices = (await given.facts()).flatMap((fact) =>
    fact.type === 'NoticesRaised' ? fact.data.notices.map(({ kind }) => [kind, fact.at]) : [],
  );
  expect(notices).toEqual([['pack_exhausted', jan2020(2, '11:00')]]);
});

test('an account with 8,000 packs meters, closes within one append and goes on', async () => {
  const given = await givenLedger(['body-analysis']);
  await given.deposits(jan(1), '90000000');
  for (let hour = 10; hour < 18; hour++)
    await given.buys(jan(2, `${hour}:00`), 'body-analysis/search', 10_000, 1_000);
  await given.meters(jan(10), 'body-analysis/search', 26_000);
  const { packPurchases } = await given.closes('2019-01');
  expect(packPurchases.length).toBe(8_000);
  await given.meters(feb(10), 'body-analysis/search', 10_000);
  const { lines } = await given.closes('2019-02');
  expect(lines[0]?.postPaid).toBe(0);
  const { packs } = await given.account();
  expect(packs.length).toBe(8_000);
  // 26,000 and 10,000 calls, less the thousand that is free in each month.
  expect(packs.reduce((sum, { size, left }) => sum + size - left, 0)).toBe(36_000 - 2_000);
});
