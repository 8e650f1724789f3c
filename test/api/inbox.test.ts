/**
 * The inbox: each thing that needs a person is in it when it happens and gone when it is done; it is the same from views
 * that were built anew, and nobody's who is bound to an account.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openViews } from '../../src/derived/views.ts';
import { rebuildViews } from '../../src/ledger/following/follow.ts';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { hookReceiver } from '../support/receivers.ts';

// biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test looks at.
type Json = any;

let api: ServedApi;
beforeAll(async () => {
  api = await served({ SUANPAN_CLOSE_AT: 'manual', SUANPAN_ALLOW_PRIVATE_TARGETS: 'true' });
});
afterAll(() => api.stop());

const inbox = async (): Promise<Json> => (await api.ok('GET', '/inbox')).body;
const needing = async (more = ''): Promise<Json> => (await api.ok('GET', `/inbox/accounts${more}`)).body;
const clock = (now: string) => api.ok('PUT', '/clock', { now });
const close = (account: string, month: string) =>
  api.send('POST', `/accounts/${account}/months/${month}/close`);

const CLEAR = {
  isClear: true,
  month: '2019-01',
  months: [],
  waiting: [],
  accounts: { needing: 0, inArrears: 0, suspended: 0, freezesFailed: 0 },
  deadLetters: 0,
  refused: { since: '2018-12-26', reports: 0, groups: [], others: 0 },
  quarantined: 0,
  checkpoint: { signedAt: null, isOld: false },
  backup: null,
};

test('of a new ledger is clear', async () => {
  const { lag, ...rest } = await inbox();
  expect(rest).toEqual(CLEAR);
  expect(lag.isLate).toBe(false);
});

test('has refused usage by code, source and key, for a week', async () => {
  await withAccount(api);
  const wrong = (id: string, source: string) =>
    usage(id, { source, data: { interface: 'face-recognition/none', calls: 1 } });
  await api.ok('POST', '/usage', [wrong('1', '/gateway/1'), wrong('2', '/gateway/1'), wrong('3', '/old')]);
  await api.ok('POST', '/usage', [usage('4', { subject: 'nobody' }), 7]);
  const { isClear, refused } = await inbox();
  expect([isClear, refused.reports, refused.others]).toEqual([false, 5, 0]);
  expect(
    refused.groups.map(({ code, source, key, reports, last }: Json) => [
      ...[code, source, key, reports],
      last.account,
    ]),
  ).toEqual(
    expect.arrayContaining([
      ['interface_unknown', '/gateway/1', 'first', 2, 'acme'],
      ['interface_unknown', '/old', 'first', 1, 'acme'],
      ['account_unknown', '/gateway/1', 'first', 1, null],
      ['invalid_record', null, 'first', 1, null],
    ]),
  );
  expect(refused.groups).toHaveLength(4);
  expect(refused.groups[0].reports).toBe(2);
  await clock('2019-01-07T23:00:00+08:00');
  expect((await inbox()).refused.reports).toBe(5);
  await clock('2019-01-08T01:00:00+08:00');
  expect(await inbox()).toMatchObject({ isClear: true, refused: { since: '2019-01-02', reports: 0 } });
});

test('has a delivery that was given up, until it is sent again', async () => {
  const receiver = await hookReceiver();
  receiver.answer(410);
  const { body } = await api.ok('POST', '/webhooks', { url: receiver.url, types: ['account.opened'] });
  await withAccount(api, 'brass');
  await withAccount(api, 'copper');
  await api.running.api.delivery?.settleNow();
  await expect.poll(async () => (await inbox()).deadLetters).toBe(2);
  expect((await inbox()).isClear).toBe(false);
  const first = (await api.ok('GET', '/deliveries/dead?limit=1')).body;
  const second = (await api.ok('GET', `/deliveries/dead?limit=1&cursor=${encodeURIComponent(first.next)}`))
    .body;
  const [letter, other] = [first.items[0], second.items[0]];
  expect(letter).toMatchObject({ attempts: 1, error: 'answered 410' });
  expect([second.next, letter.delivery === other.delivery]).toEqual([null, false]);
  receiver.trust(body.secret);
  receiver.answer(200, 200);
  for (const { delivery } of [letter, other]) await api.ok('POST', '/deliveries/resend', { delivery });
  await api.running.api.delivery?.settleNow();
  expect(await inbox()).toMatchObject({ isClear: true, deadLetters: 0 });
  expect((await api.ok('GET', '/deliveries/dead')).body.items).toEqual([]);
});

test('has a month that is over, why its close was refused, and a balance below zero, each until it is done', async () => {
  await api.ok('POST', '/accounts/brass/services', { product: 'ocr' });
  await api.ok('POST', '/accounts', { account: 'poor', name: '' });
  await api.ok('POST', '/accounts/poor/services', { product: 'face-recognition' });
  await api.ok('POST', '/accounts/poor/deposits', { amount: '10', reference: 'first' });
  await api.ok('POST', '/usage', [
    usage('b', {
      subject: 'brass',
      time: '2019-01-08T01:00:00+08:00',
      data: { interface: 'ocr/id-card', calls: 2_000_000 },
    }),
    usage('p', { subject: 'poor', time: '2019-01-08T01:00:00+08:00' }, 1_000_000),
  ]);
  await clock('2019-01-31T23:59:00+08:00');
  expect((await inbox()).months).toEqual([]);
  await clock('2019-02-01T00:00:00+08:00');
  expect(await inbox()).toMatchObject({
    isClear: false,
    months: [{ month: '2019-01', accounts: 4, closesAt: null, isDue: true }],
    waiting: [],
  });
  for (const account of ['acme', 'copper', 'poor'])
    expect((await close(account, '2019-01')).status).toBe(200);
  expect((await close('brass', '2019-01')).body.code).toBe('price_not_agreed');
  const found = await inbox();
  expect(found.months).toEqual([{ month: '2019-01', accounts: 1, closesAt: null, isDue: true }]);
  expect(found.waiting).toEqual([{ code: 'price_not_agreed', accounts: 1 }]);
  expect(found.accounts).toMatchObject({ needing: 1, inArrears: 1 });
  const { items } = await needing();
  const { balance } = (await api.ok('GET', '/accounts/poor')).body;
  expect(items).toEqual([
    expect.objectContaining({ account: 'poor', total: balance.total, frozen: balance.frozen }),
  ]);
  expect(items[0].arrears.since).toBe('2019-01-31T16:00:00.000Z');

  const tiers = [{ above: 0, upTo: null, unitPrice: '0.001' }];
  const ladder = { mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1, tiers };
  await api.ok('POST', '/accounts/brass/contract-prices', { meter: 'ocr/id-card', from: '2019-01', ladder });
  expect((await close('brass', '2019-01')).status).toBe(200);
  await api.ok('POST', '/accounts/poor/deposits', { amount: '100000', reference: 'second' });
  await api.ok('POST', '/checkpoints');
  const done = await inbox();
  expect(done).toMatchObject({ isClear: true, months: [], waiting: [], accounts: { needing: 0 } });
  expect(done.checkpoint.isOld).toBe(false);
  expect(done.checkpoint.signedAt).not.toBeNull();
});

test('has accounts that are suspended, the longest first, page by page', async () => {
  const names = ['copper', 'acme', 'brass'];
  for (const [i, account] of names.entries()) {
    await clock(`2019-02-01T0${i + 1}:00:00+08:00`);
    await api.ok('POST', `/accounts/${account}/suspensions`, { reason: 'prohibited', note: `no ${i}` });
  }
  expect((await inbox()).accounts).toEqual({ needing: 3, inArrears: 0, suspended: 3, freezesFailed: 0 });
  const seen: string[] = [];
  for (let more = '?limit=1'; more !== ''; ) {
    const { items, next } = await needing(more);
    seen.push(
      ...items.map(({ account, suspensions: [one] }: Json) => `${account} ${one.reason} ${one.note}`),
    );
    more = next === null ? '' : `?limit=1&cursor=${encodeURIComponent(next)}`;
  }
  expect(seen).toEqual(names.map((account, i) => `${account} prohibited no ${i}`));
  for (const account of names) await api.ok('DELETE', `/accounts/${account}/suspensions/prohibited`);
  expect(await inbox()).toMatchObject({ isClear: true, accounts: { needing: 0, suspended: 0 } });
});

test('is nobody’s who is bound to an account, nor of one who only reads', async () => {
  const keyed = async (body: object) =>
    ({ authorization: `Bearer ${(await api.ok('POST', '/keys', body)).body.secret}` }) as const;
  const bound = await keyed({ name: 'bound', scopes: ['operate'], accounts: ['acme'] });
  const reader = await keyed({ name: 'reader', scopes: ['read'] });
  for (const path of ['/inbox', '/inbox/accounts']) {
    expect((await api.send('GET', path, undefined, bound)).body.code, path).toBe('account_forbidden');
    expect((await api.send('GET', path, undefined, reader)).body.code, path).toBe('scope_missing');
  }
});

test('is the same from views that are built anew', async () => {
  const { ledger } = api.running.api;
  await inbox();
  const anew = openViews(join(temporaryFolder(), 'views'));
  await rebuildViews(ledger.store, anew, () => undefined);
  const rows = (views: Pick<typeof anew, 'list'> | null) =>
    ['standing', 'dead-letters', 'refused'].map((name) => views?.list(name, '', null, 1_000));
  expect(rows(anew)).toEqual(rows(ledger.views));
  expect(anew.digest()).toBe(ledger.views?.digest());
  expect(rows(anew).map((all) => all?.length)).toEqual([5, 1, 1]);
  anew.close();
});
