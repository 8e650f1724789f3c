/** A month's bill before its close: what the next close brings, and in no later month's (rules.md, sections 6, 8, 10). */
import { describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import type { Catalogue } from '../../src/domain/catalogue.ts';
import { draftBill } from '../../src/domain/draft-bill.ts';
import { type AccountEvent, event } from '../../src/domain/events.ts';
import { fold } from '../../src/domain/evolve.ts';
import { feb, jan, mar } from '../support/days.ts';
import { catalogueOf, ladder, speech } from './books.ts';
import { BOTH_BOOKS, CALENDAR } from './decider.ts';
import { activated, billed, bought, closed, deposited, frozen, metered, opened } from './facts.ts';

const HEAD = { stream: 'account-acme', from: 0, to: 9, head: 'hash of the last event' };
const draft = (month: string, at: number, ...events: readonly AccountEvent[]) =>
  draftUnder(BOTH_BOOKS, month, at, ...events);
const draftUnder = (catalogue: Catalogue, month: string, at: number, ...events: readonly AccountEvent[]) => {
  const account: Account | null = fold(null, events);
  if (!account) throw new Error('the account is open');
  const of = { month, at, head: HEAD, status: 'draft', calendar: CALENDAR, catalogue } as const;
  return draftBill(account, of);
};
const TALK = { product: 'speech', meter: 'speech/short', pool: 'speech/short' };

test('of a month without a price shows no number rather than a wrong one', () => {
  const { bill, unpriced } = draft(
    '2019-01',
    jan(20),
    ...[opened(), activated(), activated('speech', jan(1)), deposited('100'), bought(jan(5))],
    metered(jan(10), { postPaid: 1_001 }, { ...TALK, postPaid: 20 }),
  );
  expect(unpriced).toEqual([{ month: '2019-01', meter: 'vision/calls', quantity: 1_001 }]);
  expect(bill).toMatchObject({
    status: 'draft',
    issuedAt: '2019-01-19T16:00:00.000Z',
    due: null,
    packsTotal: '8.00',
    total: null,
    frozen: { total: null, byProduct: [{ product: 'speech', amount: '4.00' }] },
    lines: [
      { meter: 'speech/short', amount: '4.00' },
      { meter: 'vision/calls', amount: null },
    ],
    events: HEAD,
  });
});

test('freezes product by product, and names the books of both, in one order', () => {
  const both = [metered(jan(10), { postPaid: 50 }, { ...TALK, postPaid: 20 })];
  for (const products of [
    ['vision', 'speech'],
    ['speech', 'vision'],
  ]) {
    const { bill } = draft('2019-01', jan(20), opened(), ...products.map((one) => activated(one)), ...both);
    expect(bill.frozen).toEqual({
      total: '34.00',
      byProduct: [
        { product: 'speech', amount: '4.00', basis: '4 × 1 = 4' },
        { product: 'vision', amount: '30.00', basis: '25 × 1.2 = 30' },
      ],
    });
    expect(bill.priceBooks).toEqual([
      { product: 'speech', edition: '2019-01', digest: 'speech 2019-01' },
      { product: 'vision', edition: '2019-01', digest: 'vision 2019-01' },
    ]);
    expect([bill.due, bill.total]).toEqual(['29.00', '29.00']);
  }
});

test('freezes of an unpriced meter nothing that is of the bill', () => {
  const agreed = event('ContractPriceAgreed', jan(2), {
    ...{ product: 'speech', meter: 'speech/short', from: '2019-01', until: null },
    ladder: ladder([10], ['0.4', null]),
  });
  const talked = metered(jan(10), { ...TALK, postPaid: 11 });
  const { bill, unpriced } = draft('2019-01', jan(20), opened(), activated('speech'), agreed, talked);
  expect(unpriced).toEqual([{ month: '2019-01', meter: 'speech/short', quantity: 11 }]);
  expect(bill.frozen).toEqual({ total: null, byProduct: [] });
});

test('freezes in the order of the products, also where their meters stand in another', () => {
  // A hyphen stands before a slash: `speech-x/short` before `speech/short`.
  const other = (id: string) => id.replace('speech', 'speech-x');
  const x = {
    ...speech,
    product: 'speech-x',
    interfaces: speech.interfaces.map((one) => ({
      ...one,
      id: other(one.id),
      pool: null,
      meter: other(one.id),
    })),
    pools: [],
    meters: speech.meters.map((one) => ({ ...one, id: other(one.id) })),
  };
  const talked = metered(
    jan(10),
    { ...TALK, postPaid: 20 },
    {
      ...{ product: 'speech-x', meter: 'speech-x/short', pool: null, postPaid: 20 },
    },
  );
  const { bill } = draftUnder(
    catalogueOf(speech, x),
    ...(['2019-01', jan(20)] as const),
    ...[opened(), activated('speech'), activated('speech-x'), talked],
  );
  expect(bill.lines.map(({ meter }) => meter)).toEqual(['speech-x/short', 'speech/short']);
  expect(bill.frozen.byProduct.map(({ product }) => product)).toEqual(['speech', 'speech-x']);
});

test('freezes nothing for a product that costs nothing', () => {
  const { bill } = draft('2019-01', jan(20), opened(), activated(), metered(jan(10), { free: 10 }));
  expect([bill.lines.length, bill.frozen]).toEqual([1, { total: '0.00', byProduct: [] }]);
});

test('freezes of the bill what is billed, also at a contract price', () => {
  const agreed = event('ContractPriceAgreed', jan(2), {
    ...{ product: 'speech', meter: 'speech/short', from: '2019-01', until: null },
    ladder: ladder([], ['0.4']),
  });
  const talked = metered(jan(10), { ...TALK, postPaid: 20 });
  const { bill } = draft('2019-01', jan(20), opened(), activated('speech'), agreed, talked);
  expect(bill.frozen.byProduct).toEqual([{ product: 'speech', amount: '8.00', basis: '8 × 1 = 8' }]);
  expect(bill.lines).toMatchObject([{ voucher: '0.00', formula: '20 × 0.4 = 8' }]);
});

test('names the book of a product that was not used, and of none that was not activated', () => {
  const { bill } = draft('2019-01', jan(20), opened(), activated('speech'));
  expect(bill.priceBooks.map(({ product }) => product)).toEqual([speech.product]);
  expect(draft('2018-12', jan(20), opened(), activated('speech')).bill.priceBooks).toEqual([]);
});

describe('while several months are open', () => {
  const dispute = (n: number) =>
    event('DisputeOpened', feb(2), {
      ...{ dispute: `acme:${n}`, month: '2019-01', meter: null, reason: 'x', by: null },
    });
  const history = [
    opened(),
    closed('2019-01', feb(1), {
      services: { vision: jan(1) },
      total: '100.00',
      months: {
        '2019-01': { groups: {}, closed: billed() },
      },
    }),
    frozen('12.00', feb(1)),
    metered(feb(2), { postPaid: 10 }),
    ...[dispute(1), dispute(2)],
    event('DisputeResolved', feb(3), {
      ...{ dispute: 'acme:1', outcome: 'adjusted', note: 'n', by: null, credit: 'c', corrections: [] },
    } as const),
    event('CreditGranted', feb(3), { amount: '5.00', reference: 'c', reason: 'goodwill', pack: null }),
    metered(mar(5), { month: '2019-03', postPaid: 20 }),
  ];

  test('the next to close has corrections, credits, disputes and the freeze that goes', () => {
    const { bill, rerated } = draft('2019-02', mar(6), ...history);
    expect(rerated).toEqual(['2019-01']);
    expect(bill).toMatchObject({
      corrections: [{ month: '2019-01', calls: 10, amount: '5.00' }],
      credits: [{ amount: '5.00', reason: 'goodwill' }],
      unfrozen: '12.00',
      due: '5.00',
      disputes: [
        {
          ...{ dispute: 'acme:1', month: '2019-01', meter: null, reason: 'x', state: 'adjusted' },
          ...{ openedAt: '2019-02-01T16:00:00.000Z', resolvedAt: '2019-02-02T16:00:00.000Z' },
          ...{ note: 'n', credit: 'c' },
        },
        { dispute: 'acme:2', state: 'open', resolvedAt: null, note: null, credit: null },
      ],
    });
  });

  test('a later one has its own lines, and the disputes that are open', () => {
    const { bill, rerated } = draft('2019-03', mar(6), ...history);
    expect(rerated).toEqual([]);
    expect(bill).toMatchObject({
      corrections: [],
      credits: [],
      unfrozen: '0.00',
      due: '10.00',
      disputes: [{ dispute: 'acme:2', state: 'open' }],
    });
    expect(bill.disputes).toHaveLength(1);
  });
});

test('names a correction whose price is not agreed, with all reasons and no amount', () => {
  const agreed = event('ContractPriceAgreed', feb(3), {
    ...{ product: 'vision', meter: 'vision/calls', from: '2019-01', until: null },
    ladder: ladder([1_000], ['0.3', null]),
  });
  const january = { groups: {}, closed: billed() };
  const { bill, unpriced } = draft(
    ...(['2019-02', feb(20)] as const),
    ...[
      opened(),
      closed('2019-01', feb(1), { services: { vision: jan(1) }, months: { '2019-01': january } }),
    ],
    ...[metered(feb(2), { postPaid: 1_001 }), agreed],
  );
  expect(unpriced).toEqual([{ month: '2019-01', meter: 'vision/calls', quantity: 1_001 }]);
  expect(bill.corrections).toEqual([
    {
      ...{ month: '2019-01', product: 'vision', meter: 'vision/calls', calls: 1_001, amount: null },
      reason: 'late usage; contract price',
      unpriced: { code: 'price_not_agreed', quantity: 1_001 },
    },
  ]);
  expect([bill.due, bill.total]).toEqual([null, null]);
});

test('a bill without disputes does not mention any', () => {
  expect(draft('2019-01', jan(20), opened()).bill).not.toHaveProperty('disputes');
});
