/** A server says that it is ready only where what reads need is there. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import { derivedPath } from '../../src/derived/files.ts';
import { openViews } from '../../src/derived/views.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { startFollowing, ViewsBehind } from '../../src/ledger/following/following.ts';
import { ADMIN, served, withAccount } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { givenLedger } from '../support/given.ts';
import { serverProcess } from '../support/server-process.ts';

test('views that cannot be brought up are told by readiness, as by every read of them', async () => {
  const path = join(temporaryFolder(), 'ledger.db');
  const api = await served({ SUANPAN_STORE: `sqlite:${path}` });
  try {
    await withAccount(api);
    await api.ok('GET', '/accounts/acme/notices');
    expect((await fetch(`${api.base}/readyz`)).status).toBe(200);
    const views = new DatabaseSync(derivedPath(path, 'views'), { timeout: 60_000 });
    views.exec('DROP TABLE followed');
    views.close();
    const answer = await api.send('GET', '/accounts/acme/notices');
    expect([answer.status, answer.body.code]).toEqual([503, 'view_behind']);
    const ready = await fetch(`${api.base}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([
      503,
      expect.stringContaining('the views cannot be brought up'),
    ]);
    // What needs no view goes on.
    await api.ok('POST', '/accounts/acme/deposits', { amount: '1.00', reference: 'still' });
  } finally {
    await api.stop();
  }
});

test('readiness is logged when it changes, however often it is asked for', async () => {
  const path = join(temporaryFolder(), 'ledger.db');
  const server = serverProcess({ SUANPAN_STORE: `sqlite:${path}` });
  const base = await server.start();
  const readiness = async () => (await fetch(`${base}/readyz`)).status;
  const moved = async (name: string) => {
    await fetch(`${base}/v1/accounts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ account: name, name }),
    });
    await fetch(`${base}/v1/accounts/${name}/notices`, { headers: { authorization: `Bearer ${ADMIN}` } });
  };
  const changed = (sql: string) => {
    const views = new DatabaseSync(derivedPath(path, 'views'), { timeout: 5_000 });
    views.exec(sql);
    views.close();
  };
  await moved('a');
  await expect.poll(readiness, { timeout: 60_000 }).toBe(200);
  changed('ALTER TABLE followed RENAME TO kept');
  await moved('b');
  for (let i = 0; i < 20; i++) expect(await readiness()).toBe(503);
  changed('ALTER TABLE kept RENAME TO followed');
  await moved('c');
  await expect.poll(readiness, { timeout: 60_000 }).toBe(200);
  await server.end('SIGTERM');
  const told = server
    .logged()
    .split('\n')
    .filter((line) => /ready|readyz/.test(line))
    .map((line) => JSON.parse(line).msg);
  expect(told).toEqual([expect.stringContaining('not ready: the views cannot be brought up'), 'ready again']);
});

/** What a thread cannot follow. */
const nowhere = () => ({
  address: `sqlite:${join(temporaryFolder(), 'no-such-folder', 'ledger.db')}`,
  base: join(temporaryFolder(), 'none', 'ledger'),
});

test('a ledger that is closed soon needs no thread for its views to show everything', async () => {
  const { store } = (await givenLedger()).ledger;
  const views = openViews(':memory:');
  const following = startFollowing(store, nowhere(), views);
  await following.stop();
  expect(following.trouble()).toBeNull();
  expect(views.anchor()?.position).toBe(await store.end());
});

test('a thread that has ended is told, and whoever waits for it is', async () => {
  const following = startFollowing(openMemoryStore(), nowhere(), openViews(':memory:'));
  await expect(following.caughtUp()).rejects.toThrow(ViewsBehind);
  await vi.waitFor(() => expect(following.trouble()).toContain('the thread that keeps the views has ended'), {
    timeout: 60_000,
  });
  await expect(following.caughtUp()).rejects.toThrow(ViewsBehind);
  await following.stop();
});
