/**
 * While several months are open (rules.md, section 10): what the next close brings stands in the estimate of the month that
 * closes next and in no later one's, and an explanation speaks of its month's own end.
 */
import { expect, test } from 'vitest';
import { explainBill } from '../../src/audit/explain/explain-bill.ts';
import { issuedBill } from '../../src/ledger/queries/bills.ts';
import { estimate } from '../../src/ledger/queries/estimate.ts';
import { apr, feb, jan, mar } from '../support/days.ts';
import { ACCOUNT, type Given, givenLedger } from '../support/given.ts';
import { BOOKS } from './rules-scenario.ts';

const estimated = async ({ ledger }: Given, month: string, now: number) => {
  const { store, calendar } = ledger;
  const of = { store, calendar, catalogue: ledger.catalogue() };
  return estimate(of, await ledger.entry(ACCOUNT), { now, month, until: null });
};
const explained = async ({ ledger }: Given, month: string) => {
  const issued = await issuedBill(ledger.store, ACCOUNT, month);
  if (!issued) throw new Error(`no bill of ${month}`);
  const { store, calendar } = ledger;
  return explainBill({ store, calendar, catalogue: ledger.catalogue() }, issued);
};

const FREEZING = BOOKS.map((book) => ({
  ...book,
  freeze: { rate: '1.2', of: 'list', onFailure: 'notify' } as const,
}));

test('a correction, a credit, and the freeze that is let go stand in one estimate: that of the next close', async () => {
  const given = await givenLedger(['toy'], { books: FREEZING });
  await given.deposits(jan(2), '1000.00');
  await given.meters(jan(9), 'toy/one', 305);
  await given.closes('2019-01');
  await given.meters(feb(9), 'toy/one', 105);
  await given.meters(mar(9), 'toy/one', 205);
  await given.corrects(mar(10), 1, 205);
  const credit = { amount: '5.00', reference: 'sorry', reason: 'goodwill' };
  await given.has(mar(10, '11:00'), 'credit', credit);

  const now = mar(15);
  const [february, march, april] = [
    await estimated(given, '2019-02', now),
    await estimated(given, '2019-03', now),
    await estimated(given, '2019-04', now),
  ];
  expect(february).toMatchObject({ due: '0.00', unfrozen: '180.00', credits: [{ amount: '5.00' }] });
  expect(february.corrections).toMatchObject([{ month: '2019-01', calls: -100, amount: '-50.00' }]);
  for (const [later, due] of [[march, '100.00'] as const, [april, '0.00'] as const])
    expect(later).toMatchObject({ due, unfrozen: '0.00', credits: [], corrections: [] });

  // What was estimated is what is billed, month by month.
  for (const draft of [february, march]) {
    const bill = await given.closes(draft.month, apr(1, '04:00'));
    expect([bill.due, bill.corrections, bill.credits]).toEqual([draft.due, draft.corrections, draft.credits]);
  }
});

test('the months of an account that was never closed: only its first brings what the next close brings', async () => {
  const given = await givenLedger(['toy'], { books: FREEZING });
  await given.has(jan(2), 'credit', { amount: '5.00', reference: 'a', reason: 'welcome' });
  const now = feb(15);
  expect((await estimated(given, '2019-01', now)).credits).toHaveLength(1);
  expect((await estimated(given, '2019-02', now)).credits).toEqual([]);
});

const twoPacks = async (): Promise<Given> => {
  const given = await givenLedger(['toy'], { books: BOOKS });
  await given.deposits(jan(2), '10.00');
  await given.buys(jan(2), 'toy/a', 100);
  await given.buys(jan(3), 'toy/a', 100);
  return given;
};

test('a pack that February used up was not needed in January, whenever January is closed', async () => {
  const given = await twoPacks();
  await given.meters(jan(9), 'toy/one', 65);
  await given.meters(feb(9), 'toy/one', 145);
  await given.closes('2019-01', mar(1, '04:00'));
  await given.closes('2019-02');
  const [january, february] = [await explained(given, '2019-01'), await explained(given, '2019-02')];
  expect(january.lines[0]?.held).toMatchObject([
    { pack: 'pack-000001', reason: 'paid', paid: 60, left: 40 },
    { pack: 'pack-000002', reason: 'not_needed', left: 100 },
  ]);
  expect(february.lines[0]?.held).toMatchObject([
    { pack: 'pack-000001', reason: 'paid', paid: 40, left: 0 },
    { pack: 'pack-000002', reason: 'paid', paid: 100, left: 0 },
  ]);
});

test('one that January used up is used up before February’s calls', async () => {
  const given = await twoPacks();
  await given.meters(jan(9), 'toy/one', 105);
  await given.meters(feb(9), 'toy/one', 15);
  await given.closes('2019-01', mar(1, '04:00'));
  await given.closes('2019-02');
  const [line] = (await explained(given, '2019-02')).lines;
  expect(line?.held).toMatchObject([
    { pack: 'pack-000002', reason: 'paid', paid: 10, left: 90 },
    { pack: 'pack-000001', reason: 'used_up_before', left: 0, why: 'all its calls paid for 2019-01' },
  ]);
});

test('one that February’s calls, recorded first, used up: January’s later calls are post-paid, and it says why', async () => {
  const given = await twoPacks();
  await given.meters(feb(9), 'toy/one', 205);
  await given.meters(feb(10), 'toy/one', 25, { time: jan(20) });
  await given.closes('2019-01', mar(1, '04:00'));
  const [line] = (await explained(given, '2019-01')).lines;
  expect(line?.held).toMatchObject([
    {
      pack: 'pack-000001',
      reason: 'used_up_before',
      left: 100,
      why: 'its calls paid for 2019-02, recorded before the 20 calls that are post-paid here',
    },
    { pack: 'pack-000002', reason: 'used_up_before' },
  ]);
});

test('a correction without a price stands in the estimate, with its reason and no number', async () => {
  const given = await givenLedger(['toy'], { books: FREEZING });
  const unpriced = {
    ...{ mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1 },
    tiers: [
      { above: 0, upTo: 200, unitPrice: '0.50' },
      { above: 200, upTo: null, unitPrice: null },
    ],
  };
  await given.has('2019-01-02T10:00:00+08:00', 'deposit', { amount: '1000.00', reference: 'first' });
  await given.meters('2019-01-09T10:00:00+08:00', 'toy/one', 105);
  await given.has('2019-01-10T10:00:00+08:00', 'agree-price', {
    meter: BOOKS[0]?.meters[0]?.id,
    from: '2019-01',
    ladder: unpriced,
  });
  await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  await given.meters('2019-02-02T10:00:00+08:00', 'toy/one', 300, { time: '2019-01-20T10:00:00+08:00' });
  const draft = await estimated(given, '2019-02', Date.parse('2019-02-03T00:00:00+08:00'));
  expect(draft).toMatchObject({
    ...{ due: null, total: null, frozen: { total: null } },
    corrections: [{ month: '2019-01', calls: 300, amount: null, unpriced: { code: 'price_not_agreed' } }],
  });
});
