/** A full disk, too much at once, too often: clear answers, nothing half done, and on as before when it is over. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import type { SqliteStore } from '../../src/eventstore/sqlite/store.ts';
import { ADMIN, type Answered, served, usage, withAccount } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';

/** Clients at once, and how many of them are admitted. */
const [CLIENTS, IN_FLIGHT] = [40, 2];

const FULL = [503, 'store_unavailable', '1'];
const told = ({ status, body, headers }: Answered) => [status, body.code, headers.get('retry-after')];
/** Records whose names do not compress: some thirty pages of them. */
const RECORDS = 4_000;
const BATCH = Array.from({ length: RECORDS }, (_, i) =>
  usage(createHash('sha256').update(`${i}`).digest('hex')),
);

/** A server on a disk whose space a test bounds: as much as its file has now, and so many pages more. */
const onSmallDisk = async () => {
  const file = join(temporaryFolder(), 'ledger.db');
  const api = await served({ SUANPAN_STORE: `sqlite:${file}` });
  await withAccount(api);
  const store = api.running.api.ledger.store as SqliteStore;
  const pages = () => {
    const db = new DatabaseSync(file, { readOnly: true });
    const { page_count: count } = db.prepare('PRAGMA page_count').get() ?? {};
    db.close();
    return Number(count);
  };
  let deposits = 0;
  return {
    api,
    /** The smallest of commands, each time another. */
    deposit: () => api.send('POST', '/accounts/acme/deposits', { amount: '1', reference: `${++deposits}` }),
    /** Always the same one. */
    buy: () =>
      api.send(
        'POST',
        '/accounts/acme/packs',
        { pool: 'face-recognition/compare', size: 1_000_000, quantity: 1 },
        { 'idempotency-key': 'k' },
      ),
    hasPagesLeft: (more: number) => store.limitPages(pages() + more),
    hasSpace: () => store.limitPages(1_000_000),
    facts: async () => (await api.ok('GET', '/accounts/acme/events?limit=1000')).body.items,
    packs: async () => (await api.ok('GET', '/accounts/acme/packs')).body.items.length,
  };
};

test('a full disk: 503 for what would be written, reads go on, and no restart when there is space again', async () => {
  const { api, deposit, buy, hasPagesLeft, hasSpace, facts, packs } = await onSmallDisk();
  try {
    const before = await facts();
    hasPagesLeft(0);
    expect(told(await api.send('POST', '/usage', BATCH))).toEqual(FULL);
    let small = await deposit();
    for (let n = 0; small.status === 201 && n < 100; n++) small = await deposit();
    expect(told(small)).toEqual(FULL);
    expect(told(await buy())).toEqual(FULL);
    expect((await fetch(`${api.base}/readyz`)).status).toBe(503);
    expect((await fetch(`${api.base}/healthz`)).status).toBe(200);
    expect((await facts()).slice(0, before.length)).toEqual(before);
    expect(await packs()).toBe(0);
    hasSpace();
    const { body } = await api.ok('POST', '/usage', [...BATCH, usage('new')]);
    expect([body.accepted, body.duplicates]).toEqual([RECORDS + 1, 0]);
    expect((await buy()).status).toBe(201);
    expect(await packs()).toBe(1);
  } finally {
    await api.stop();
  }
});

test('a disk that is almost full: what does not fit is refused, what fits is done, and once', async () => {
  const { api, buy, hasPagesLeft, hasSpace, packs } = await onSmallDisk();
  try {
    hasPagesLeft(4);
    expect(told(await api.send('POST', '/usage', BATCH))).toEqual(FULL);
    expect((await buy()).status).toBe(201);
    expect(told(await api.send('POST', '/usage', BATCH))).toEqual(FULL);
    hasSpace();
    expect((await api.ok('POST', '/usage', BATCH)).body.accepted).toBe(RECORDS);
    expect((await buy()).status).toBe(201);
    expect(await packs()).toBe(1);
  } finally {
    await api.stop();
  }
});

test('more at once than is admitted: some are told to come again, and all are counted once in the end', async () => {
  const api = await served({
    SUANPAN_IN_FLIGHT: String(IN_FLIGHT),
    SUANPAN_STORE: `sqlite:${join(temporaryFolder(), 'ledger.db')}`,
  });
  try {
    await withAccount(api);
    // What is admitted is not done before others were turned away, however fast the machine is.
    const { store } = api.running.api.ledger;
    let over = (): void => undefined;
    const turned = new Promise<void>((resolve) => {
      over = resolve;
    });
    const { append } = store;
    vi.spyOn(store, 'append').mockImplementation(async (...asked) => {
      await turned;
      return append(...asked);
    });
    const turnedAway: string[] = [];
    const send = async (id: string): Promise<void> => {
      const answer = await api.send('POST', '/usage', usage(id));
      if (answer.status === 200) return;
      expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([
        503,
        'overloaded',
        '1',
      ]);
      turnedAway.push(id);
      if (turnedAway.length === CLIENTS - IN_FLIGHT) over();
    };
    await Promise.all(Array.from({ length: CLIENTS }, (_, i) => send(`r-${i}`)));
    expect(turnedAway.length).toBe(CLIENTS - IN_FLIGHT);
    for (const id of turnedAway.slice()) await send(id);
    expect(turnedAway.length).toBe(CLIENTS - IN_FLIGHT);
    const { items } = (await api.ok('GET', '/accounts/acme/usage?by=interface')).body;
    expect(items[0].records).toBe(CLIENTS);
  } finally {
    await api.stop();
  }
});

test('a key that asks too often is told so; another is not', async () => {
  const api = await served({ SUANPAN_RATE: '1' });
  try {
    const { body: other } = await api.ok('POST', '/keys', { name: 'other', scopes: ['read'] });
    const answers = await Promise.all(Array.from({ length: 30 }, () => api.send('GET', '/accounts')));
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(15);
    expect([limited[0]?.body.code, limited[0]?.headers.get('retry-after')]).toEqual(['rate_limited', '1']);
    const unhindered = { authorization: `Bearer ${other.secret}` };
    expect((await api.send('GET', '/accounts', undefined, unhindered)).status).toBe(200);
  } finally {
    await api.stop();
  }
});

test('metrics count what happened, and name no secret', async () => {
  const api = await served();
  try {
    await withAccount(api);
    await api.ok('POST', '/usage', [usage('1'), usage('1'), { id: 'bad' }]);
    await api.send('POST', '/accounts/acme/packs', { pool: 'x', size: 1 });
    const text = await (await fetch(`${api.base}/metrics`)).text();
    for (const line of [
      'suanpan_records_total{outcome="accepted"} 1',
      'suanpan_records_total{outcome="duplicates"} 1',
      'suanpan_records_total{outcome="refused"} 1',
      'suanpan_refusals_total{code="pool_unknown"} 1',
      'suanpan_requests_total{route="POST /v1/usage",status="200"} 1',
    ])
      expect(text).toContain(line);
    expect(text).toContain('suanpan_view_lag_seconds');
    expect(text).not.toContain(ADMIN);
  } finally {
    await api.stop();
  }
});
