/** A discount on the list's prices, by the interface (price-books.md, "Contracts"). */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';

const METER = 'face-recognition/compare';
const PRICES = '/accounts/acme/contract-prices';

let api: ServedApi;
beforeEach(async () => {
  api = await served();
  await withAccount(api);
});
afterEach(() => api.stop());

test('is billed, frozen past, replayed and explained', async () => {
  const agreed = await api.ok('POST', PRICES, { meter: METER, from: '2019-01', discount: '0.85' });
  expect([agreed.status, agreed.body]).toEqual([
    201,
    { meter: METER, from: '2019-01', until: null, discount: '0.85' },
  ]);
  await api.ok('POST', '/usage', [usage('u1', {}, 1_000_000)]);
  const gauges = (await api.ok('GET', '/accounts/acme/tiers?month=2019-01')).body.items;
  expect(gauges).toMatchObject([{ isContract: false, discount: '0.85', amount: '2692.80' }]);
  await api.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
  const bill = (await api.ok('POST', '/accounts/acme/months/2019-01/close')).body;
  expect(bill).toMatchObject({
    lines: [
      {
        ...{ unitPrice: '0.0032', discount: '0.85', exact: '2692.8', amount: '2692.80' },
        formula: '(1000000 − 10000) × 0.0032 × 0.85 = 2692.8',
      },
    ],
    // Of the list price: 990,000 × 0.0032 × 1.2.
    frozen: { total: '3801.60' },
  });
  const month = '/accounts/acme/bills/2019-01';
  expect((await api.ok('GET', `${month}/replay`)).body).toMatchObject({ match: true });
  const [line] = (await api.ok('GET', `${month}/explain`)).body.lines;
  expect(line.tier.price).toMatchObject({ of: 'contract', from: '2019-01', discount: '0.85' });
  expect(line.tier.because[0]).toMatch(/^the list price of .*, times 0\.85: a discount from 2019-01 on/);
});

test('agreed later corrects a closed month by the difference', async () => {
  await api.ok('POST', '/usage', [usage('u1', {}, 20_000)]);
  await api.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
  await api.ok('POST', '/accounts/acme/months/2019-01/close');
  await api.ok('POST', PRICES, { meter: METER, from: '2019-01', until: '2019-02', discount: '0.5' });
  const { corrections } = (await api.ok('GET', '/accounts/acme/estimate')).body;
  expect(corrections).toMatchObject([{ month: '2019-01', calls: 0, amount: '-16.00' }]);
});

test.each([
  ['neither it nor a ladder', {}, 'body'],
  ['a factor of zero', { discount: '0' }, 'discount'],
  ['a factor above one', { discount: '1.01' }, 'discount'],
  ['no decimal', { discount: '85%' }, 'discount'],
])('%s is refused', async (_, terms, field) => {
  const { status, body } = await api.send('POST', PRICES, { meter: METER, from: '2019-01', ...terms });
  expect([status, body.code, body.field]).toEqual([400, 'invalid_request', field]);
});
