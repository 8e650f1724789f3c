/** A ledger in a file that holds an event of every kind, and every derived file: what a tamperer may find anywhere. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/eventstore/sqlite/store.ts';
import { LIFE, life } from '../api/life.ts';
import { type ServedApi, served, usage } from './api.ts';
import { poisoned } from './poisoned.ts';

/** Where its clock stands in the end: packs of its first month have expired by then. */
export const FULL_LEDGER_NOW = '2020-03-02T00:00:00+08:00';
/** The accounts: the one of all examples, one whose freezes fail, one in arrears, and one that did little. */
export const FULL_LEDGER_ACCOUNTS = ['acme', 'spent', 'owing', 'good'] as const;

/** A book under which an account in arrears is given time; no shipped one does. */
const GRACEFUL = JSON.parse(
  readFileSync(new URL('../../price-books/body-analysis-2019-01.json', import.meta.url), 'utf8')
    .replaceAll('body-analysis', 'graceful')
    .replace('"graceDays": 0', '"graceDays": 30'),
);
const SEGMENTATION = 'graceful/segmentation';
/** The same with packs that are given and may be returned. */
const GENEROUS = {
  ...GRACEFUL,
  grants: [{ pool: SEGMENTATION, size: 100, validFor: { days: 30 } }],
  pools: GRACEFUL.pools.map((pool: object) => ({ ...pool, returns: { withinDays: 7 } })),
};
const command = { key: 'k', hash: 'c'.repeat(64) };
/** Events that only several servers, a receiver or a flood of reports would bring about. */
const BESIDE: readonly (readonly [stream: string, type: string, data: object])[] = [
  ['turns', 'TurnAsked', { account: 'acme', server: 's' }],
  [
    'refused-acme',
    'UsageNotKept',
    { key: 'k', day: '2019-01-05', counts: [{ code: 'suspended', reports: 3 }] },
  ],
  [
    'deliveries',
    'DeliveriesSettled',
    { deliveries: [{ delivery: 'd', outcome: 'dead', attempts: 9, error: 'refused' }] },
  ],
  ['deliveries', 'DeliveryResent', { delivery: 'd', command }],
  ['delivery-lease', 'DeliveryLeased', { holder: 's', until: '2019-01-05T00:00:00.000Z' }],
];

const examplesLived = async (api: ServedApi): Promise<void> => {
  const lived = life(api);
  for (const route of LIFE) {
    await lived.until(route);
    const headers: Record<string, string> = route.idempotent
      ? { 'idempotency-key': `k-${route.method}-${route.path}` }
      : {};
    lived.learn(route, await lived.send(route, '', headers));
  }
  await api.running.api.jobs.idle();
};

const othersLived = async (api: ServedApi): Promise<void> => {
  const time = '2019-03-05T00:00:00+08:00';
  await api.ok('PUT', '/clock', { now: '2019-03-05T00:00:00+08:00' });
  await api.ok('PUT', '/price-books/graceful/2019-01', GENEROUS);
  for (const [account, amount] of [
    ['spent', '400'] as const,
    ['owing', '1'] as const,
    ['good', '9000'] as const,
  ]) {
    await api.ok('POST', '/accounts', { account, name: account });
    for (const product of account === 'owing' ? ['graceful'] : ['face-recognition', 'body-analysis'])
      await api.ok('POST', `/accounts/${account}/services`, { product });
    await api.ok('POST', `/accounts/${account}/deposits`, { amount, reference: 'first' });
  }
  await api.ok('PUT', '/accounts/good/services/body-analysis', { postPaid: 'off' });
  await api.ok('POST', '/accounts/good/services', { product: 'graceful' });
  const returned = await api.ok('POST', '/accounts/good/packs', {
    pool: SEGMENTATION,
    size: 10_000,
    quantity: 1,
  });
  await api.ok('POST', `/accounts/good/packs/${returned.body.packs[0].pack}/return`);
  const pack = { pool: 'body-analysis/segmentation', size: 10_000, quantity: 1 };
  const { body } = await api.ok('POST', '/accounts/spent/packs', pack);
  await api.ok('POST', '/accounts/good/packs', pack);
  await api.ok('POST', '/accounts/spent/credits', {
    ...{ amount: '10.00', reference: 'credit', reason: 'a mistake', pack: body.packs[0].pack },
  });
  const report = (
    id: string,
    subject: string,
    calls: number,
    at: string,
    name = 'face-recognition/compare',
  ) => usage(id, { subject, time: at, data: { interface: name, calls } });
  await api.ok('POST', '/usage', [
    report('a', 'spent', 40_000, time),
    report('e', 'owing', 40_000, time, 'graceful/attributes'),
    report('b', 'good', 300_000, time),
    report('c', 'good', -1, time),
    ...Array.from({ length: 12 }, (_, i) => report(`d${i}`, 'acme', -1, time)),
  ]);
  for (const month of ['04', '05', '06', '07']) {
    await api.ok('PUT', '/clock', { now: `2019-${month}-02T08:00:00+08:00` });
    const sent = [report(`s${month}`, 'spent', 90_000, `2019-${month}-02T04:00:00+08:00`)];
    await api.ok('POST', '/usage', sent);
    if (month === '06')
      await api.ok('POST', '/accounts/spent/deposits', { amount: '30000.00', reference: 'late' });
  }
  await api.ok('PUT', '/clock', { now: FULL_LEDGER_NOW });
  const key = { name: 'used', scopes: ['read'] };
  const { secret } = (await api.ok('POST', '/keys', key, { 'idempotency-key': 'used' })).body;
  await api.ok('GET', '/accounts', undefined, { authorization: `Bearer ${secret}` });
};

const settings = (folder: string) => ({
  SUANPAN_STORE: `sqlite:${join(folder, 'ledger.db')}`,
  SUANPAN_ALLOW_PRIVATE_TARGETS: 'true',
});

/** Builds it in an empty folder, as `ledger.db`, closed cleanly; all its streams are covered by a checkpoint. */
export const fullLedger = async (folder: string): Promise<void> => {
  const before = await served(settings(folder));
  await examplesLived(before);
  await othersLived(before);
  await before.stop();
  const store = openSqliteStore(join(folder, 'ledger.db'));
  for (const [stream, type, data] of BESIDE)
    await poisoned(store, stream, { type, data: JSON.stringify(data) });
  await store.close();
  const after = await served(settings(folder));
  await after.ok('POST', '/checkpoints', undefined, { 'idempotency-key': 'last' });
  for (const account of FULL_LEDGER_ACCOUNTS) await after.ok('GET', `/accounts/${account}/notices`);
  await after.stop();
};
