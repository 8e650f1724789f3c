/** An issued bill and a replayed one, line by line: what differs, what is missing, and what only one of them has. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { comparedBills } from '../../src/audit/replay/compare-bills.ts';
import type { Bill } from '../../src/domain/bill.ts';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';

let api: ServedApi;
let bill: Bill;
beforeAll(async () => {
  api = await served();
  await withAccount(api);
  await api.ok('POST', '/accounts/acme/packs', { pool: 'face-recognition/compare', size: 1_000_000 });
  const search = { data: { interface: 'face-recognition/search', calls: 5 } };
  await api.ok('POST', '/usage', [usage('a', {}, 20_000), usage('b', search)]);
  await api.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
  bill = (await api.ok('GET', '/accounts/acme/bills/2019-01')).body;
});
afterAll(() => api.stop());

const other = (replayed: Bill | null) => comparedBills(bill, replayed).filter(({ match }) => !match);

test('equal bills match in every line', () => {
  const lines = comparedBills(bill, structuredClone(bill));
  expect(lines.map(({ part }) => part)).toEqual(['line', 'line', 'pack', ...Array(5).fill('sum')]);
  expect(lines.every(({ match, issued, replayed }) => match && issued === replayed)).toBe(true);
});

test('a line with the same amount and other quantities does not match', () => {
  const [first, ...rest] = bill.lines;
  if (!first) throw new Error('there is no line');
  const changed = { ...bill, lines: [{ ...first, metered: first.metered + 1 }, ...rest] };
  const { meter, amount } = first;
  expect(other(changed)).toEqual([
    { part: 'line', name: meter, issued: amount, replayed: amount, match: false },
  ]);
});

test('what only one of the bills has, and another sum, is named with both amounts', () => {
  const correction = {
    month: '2018-12',
    product: 'face-recognition',
    meter: 'face-recognition/compare',
    ...{ calls: 1, amount: '0.01', reason: 'late usage' },
  };
  const changed = { ...bill, packPurchases: [], corrections: [correction], due: '0.01' };
  expect(other(changed)).toEqual([
    { part: 'pack', name: 'pack-000001', issued: '3100.00', replayed: null, match: false },
    { part: 'sum', name: 'due', issued: bill.due, replayed: '0.01', match: false },
    {
      ...{ part: 'correction', name: '2018-12/face-recognition/compare' },
      ...{ issued: null, replayed: '0.01', match: false },
    },
  ]);
});

test('a replay that closes nothing matches in nothing', () => {
  expect(other(null)).toHaveLength(comparedBills(bill, bill).length);
});
