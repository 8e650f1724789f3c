/** Limits of an account, by the interface (price-books.md, "Limits"). */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';

const LIMITS = '/accounts/acme/limits';
const FREE = 10_000;

let api: ServedApi;
beforeEach(async () => {
  api = await served();
  await withAccount(api);
});
afterEach(() => api.stop());

const entitled = async () =>
  (await api.ok('GET', '/accounts/acme/entitlements?interface=face-recognition/compare')).body;
const noticed = async () =>
  (await api.ok('GET', '/accounts/acme/notices')).body.items
    .filter(({ kind }: { kind: string }) => ['spend_reached', 'balance_low'].includes(kind))
    .map(({ kind, about }: { kind: string; about: Record<string, string> }) => [
      kind,
      about['share'] ?? about['available'],
    ]);

test('nothing more is entitled to be post-paid once the limit is reached; what is reported is billed', async () => {
  expect((await api.ok('GET', LIMITS)).body).toEqual({
    ...{ spend: null, notifyAt: [], lowBalance: null, reached: [] },
    ...{ month: '2019-01', spent: '0.00', available: '200000.00' },
  });
  const set = await api.ok('PUT', LIMITS, { spend: '32', notifyAt: ['0.5', '1'], lowBalance: null });
  expect([set.status, set.body]).toMatchObject([
    200,
    { spend: '32.00', notifyAt: ['0.5', '1'], spent: '0.00', reached: [] },
  ]);
  await api.ok('POST', '/usage', [usage('free', {}, FREE), usage('u1', {}, 9_000)]);
  expect(await entitled()).toMatchObject({ allowed: true, payer: 'post_paid', reasons: [] });
  await api.ok('POST', '/usage', [usage('u2', {}, 1_000)]);
  expect((await api.ok('GET', LIMITS)).body).toMatchObject({ spent: '32.00', reached: ['0.5', '1'] });
  expect(await entitled()).toMatchObject({ allowed: false, payer: 'post_paid', reasons: ['spend_limit'] });
  const { body } = await api.ok('POST', '/usage', [usage('u3', {}, 10_000)]);
  expect(body).toMatchObject({ accepted: 1, refused: 0 });
  expect(await noticed()).toEqual([
    ['spend_reached', '0.5'],
    ['spend_reached', '1'],
  ]);
  await api.ok('PUT', LIMITS, { lowBalance: '200000.01' });
  expect(await entitled()).toMatchObject({ allowed: true });

  await api.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
  const bill = (await api.ok('POST', '/accounts/acme/months/2019-01/close')).body;
  expect(bill).toMatchObject({ due: '64.00' });
  expect((await noticed()).at(-1)).toEqual(['balance_low', '200000.00']);
  const replay = (await api.ok('GET', '/accounts/acme/bills/2019-01/replay')).body;
  expect(replay).toMatchObject({ match: true, differences: [] });
});

test('a replay finds the same notices though an edition has filled in a price since', async () => {
  const book = (await api.ok('GET', '/price-books/face-recognition/2019-01')).body;
  const toy = JSON.parse(JSON.stringify(book).replaceAll('face-recognition', 'toy'));
  const priced = (edition: string, unitPrice: string | null) => {
    const [tier] = toy.meters[0].ladder.tiers;
    const tiers = [{ ...tier, above: 0, upTo: null, unitPrice }];
    const [first, ...others] = toy.meters;
    return { ...toy, edition, meters: [{ ...first, ladder: { ...first.ladder, tiers } }, ...others] };
  };
  await api.ok('PUT', '/price-books/toy/2019-01', priced('2019-01', null));
  await api.ok('POST', '/accounts/acme/services', { product: 'toy' });
  await api.ok('PUT', LIMITS, { spend: '10.00', notifyAt: ['1'] });
  const { interfaces, meters } = toy;
  const of = interfaces.find(({ meter }: { meter: string }) => meter === meters[0].id).id;
  const called = (id: string, calls: number) => usage(id, { data: { interface: of, calls } });
  await api.ok('POST', '/usage', [called('u1', FREE + 20)]);
  expect(await noticed()).toEqual([]);
  await api.ok('PUT', '/price-books/toy/2019-01b', priced('2019-01b', '1'));
  await api.ok('POST', '/usage', [called('u2', 1)]);
  expect(await noticed()).toEqual([['spend_reached', '1']]);
  await api.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
  await api.ok('POST', '/accounts/acme/months/2019-01/close');
  const replay = (await api.ok('GET', '/accounts/acme/bills/2019-01/replay')).body;
  expect(replay).toMatchObject({ match: true, differences: [] });
});

test.each([
  ['spend', { spend: '-1' }],
  ['notifyAt.0', { spend: '1', notifyAt: ['0'] }],
  ['notifyAt', { spend: '1', notifyAt: ['1', '1.0'] }],
  ['notifyAt', { spend: '1', notifyAt: Array.from({ length: 11 }, (_, i) => `0.${i + 10}`) }],
  ['lowBalance', { lowBalance: '1.001' }],
])('a wrong %s is refused', async (field, body) => {
  const { status, body: problem } = await api.send('PUT', LIMITS, body);
  expect([status, problem.code, problem.field]).toEqual([400, 'invalid_request', field]);
});
