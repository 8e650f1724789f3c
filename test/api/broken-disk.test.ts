/**
 * The disk under a running server, really full or no longer writable: what would be written is 503 with what is wrong,
 * reads are answered, nothing is half there, and it goes on by itself when the disk is in order again.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';
import { smallDisk, unwritable, whyNot } from '../support/disks.ts';
import { temporaryFolder } from '../support/folder.ts';

const unforeseen: unknown[] = [];
const note = (error: unknown): void => void unforeseen.push(error);
beforeEach(() => {
  unforeseen.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(() => {
  process.off('unhandledRejection', note);
  expect(unforeseen).toEqual([]);
});

const reasons = { mount: whyNot('mount'), chattr: whyNot('chattr') };
for (const why of Object.values(reasons)) if (why !== null) console.log(`skipped: ${why}`);
const testFull = test.skipIf(reasons.mount !== null);
const testUnwritable = test.skipIf(reasons.chattr !== null);

const servedIn = async (folder: string): Promise<ServedApi> => {
  const ledger = join(folder, 'ledger');
  mkdirSync(ledger);
  const api = await served({
    SUANPAN_STORE: `sqlite:${join(ledger, 'ledger.db')}`,
    SUANPAN_ALLOW_PRIVATE_TARGETS: 'true',
  });
  await withAccount(api);
  await api.ok('POST', '/webhooks', { url: 'http://127.0.0.1:9/hook', types: ['*'] });
  await api.ok('POST', '/usage', usage('first'));
  await api.ok('GET', '/accounts/acme/usage?by=interface');
  return api;
};

/** Everything that writes, each to its own stream. */
const writes = [
  ['POST', '/usage', usage('second')],
  ['POST', '/usage', usage('of nobody', { subject: 'nobody' })],
  ['POST', '/accounts', { account: 'beta', name: 'b' }],
  ['POST', '/accounts/acme/deposits', { amount: '1.00', reference: 'second' }],
  ['POST', '/accounts/acme/packs', { pool: 'face-recognition/compare', size: 1_000_000, quantity: 1 }],
  ['PUT', '/accounts/acme/contacts', { email: 'a@example.com' }],
  ['POST', '/keys', { name: 'k', scopes: ['read'] }],
  ['POST', '/checkpoints', {}],
  ['PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' }],
] as const;

const reads = [
  '/accounts/acme',
  '/accounts/acme/packs',
  '/accounts/acme/usage?by=day&month=2019-01',
  '/accounts/acme/usage?by=record&month=2019-01',
  '/accounts/acme/refused-usage',
  '/accounts',
  '/deliveries/dead',
  '/checkpoints',
];

const factsOf = async (api: ServedApi): Promise<unknown[]> =>
  (await api.ok('GET', '/accounts/acme/events?limit=1000')).body.items;

const broken = async (api: ServedApi, detail: RegExp): Promise<void> => {
  const before = await factsOf(api);
  for (let round = 0; round < 3; round++) {
    for (const [method, path, body] of writes) {
      const { status, body: told, headers } = await api.send(method, path, body, { 'idempotency-key': 'k' });
      expect([path, status, told.code, headers.get('retry-after')]).toEqual([
        path,
        503,
        'store_unavailable',
        '1',
      ]);
      expect(told.detail).toMatch(detail);
    }
    for (const path of reads) expect([path, (await api.send('GET', path)).status]).toEqual([path, 200]);
    expect((await fetch(`${api.base}/readyz`)).status).toBe(503);
    expect((await fetch(`${api.base}/healthz`)).status).toBe(200);
    // Rounds of delivery and of views come and go meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  expect(await factsOf(api)).toEqual(before);
};

/** The same requests under the same keys: each is done now, once. */
const mended = async (api: ServedApi): Promise<void> => {
  for (const [method, path, body] of writes) await api.ok(method, path, body, { 'idempotency-key': 'k' });
  const [sum] = (await api.ok('GET', '/accounts/acme/usage?by=interface&month=2019-01')).body.items;
  expect(sum.records).toBe(2);
  expect((await api.ok('GET', '/accounts/acme/packs')).body.items.length).toBe(1);
  const types = (await factsOf(api)).map((fact) => (fact as { type: string }).type);
  expect(types.filter((type) => type === 'FundsDeposited').length).toBe(2);
  expect((await api.ok('GET', '/accounts/acme/bills')).body.items.length).toBe(1);
};

testFull('a disk that is full', async () => {
  const disk = smallDisk(24);
  const api = await servedIn(disk.folder);
  try {
    disk.fill();
    await broken(api, /^nothing was recorded: the disk is full/);
    disk.empty();
    await mended(api);
  } finally {
    await api.stop();
  }
});

testUnwritable('a folder that can no longer be written', async () => {
  const folder = temporaryFolder();
  const api = await servedIn(folder);
  try {
    const over = unwritable(join(folder, 'ledger'), /./);
    await broken(api, /^nothing was recorded: the disk cannot be read or written: is it read-only/);
    over();
    await mended(api);
  } finally {
    await api.stop();
  }
});

testUnwritable(
  'an identity index that cannot be written: nothing is taken twice, and it is opened again',
  async () => {
    const folder = temporaryFolder();
    const api = await servedIn(folder);
    try {
      const over = unwritable(join(folder, 'ledger', 'ledger.db.index'), /./);
      // The fact is durable; only what the index should know of it is lost.
      await api.ok('POST', '/usage', usage('second'));
      const again = await api.send('POST', '/usage', usage('second'));
      expect([again.status, again.body.code]).toEqual([503, 'store_unavailable']);
      expect(again.body.detail).toMatch(/^nothing was recorded: the identity index failed/);
      for (const path of reads) expect([path, (await api.send('GET', path)).status]).toEqual([path, 200]);
      over();
      await expect.poll(async () => (await api.send('POST', '/usage', usage('third'))).status).toBe(200);
      const all = ['first', 'second', 'third', 'fourth'].map((id) => usage(id));
      const { body } = await api.ok('POST', '/usage', all);
      expect([body.accepted, body.duplicates]).toEqual([1, 3]);
    } finally {
      await api.stop();
    }
  },
);

testUnwritable('views that cannot be written are behind, and catch up by themselves', async () => {
  const folder = temporaryFolder();
  const api = await servedIn(folder);
  try {
    const over = unwritable(join(folder, 'ledger'), /\.views/);
    await api.ok('POST', '/usage', usage('second'));
    const late = await api.send('GET', '/accounts/acme/usage?by=interface');
    expect([late.status, late.body.code, late.headers.get('retry-after')]).toEqual([503, 'view_behind', '1']);
    expect((await api.ok('GET', '/accounts/acme/usage?by=record')).body.items.length).toBe(2);
    over();
    const [sum] = (await api.ok('GET', '/accounts/acme/usage?by=interface')).body.items;
    expect(sum.records).toBe(2);
  } finally {
    await api.stop();
  }
});

testUnwritable('snapshots, outbox and tree that cannot be written stop no command', async () => {
  const folder = temporaryFolder();
  const api = await servedIn(folder);
  try {
    const over = unwritable(join(folder, 'ledger'), /\.(snapshots|outbox|tree)/);
    for (let i = 0; i < 600; i++)
      await api.ok('POST', '/accounts/acme/deposits', { amount: '1.00', reference: `more-${i}` });
    const signed = await api.send('POST', '/checkpoints', {});
    expect([signed.status, signed.body.code]).toEqual([503, 'store_unavailable']);
    over();
    await api.ok('POST', '/checkpoints', {});
    expect((await api.ok('GET', '/accounts/acme')).body.balance.total).toBe('200600.00');
  } finally {
    await api.stop();
  }
});
