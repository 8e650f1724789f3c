/** What a caller may count on: repeats, dry runs, reading its own writes, time, and answers that name what is wrong. */
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/domain/canonical.ts';
import { sha256 } from '../../src/integrity/sha256.ts';
import { ADMIN, type ServedApi, served, usage, withAccount } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';

let api: ServedApi | null = null;
const opened = async (env: Readonly<Record<string, string>> = {}): Promise<ServedApi> => {
  api = await served(env);
  return api;
};
afterEach(async () => {
  await api?.stop();
  api = null;
});

const key = (name: string) => ({ 'idempotency-key': name });
const PACK = { pool: 'face-recognition/compare', size: 1_000_000, quantity: 2 };

describe('a repeat', () => {
  test('with the same key and content is answered as it was; with other content it is refused', async () => {
    const { ok, send } = await opened();
    await withAccount(api as ServedApi);
    const first = await ok('POST', '/accounts/acme/packs', PACK, key('k'));
    const again = await ok('POST', '/accounts/acme/packs', PACK, key('k'));
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect([first, again].map(({ headers }) => headers.get('idempotency-hit'))).toEqual([null, 'true']);
    const other = await send('POST', '/accounts/acme/packs', { ...PACK, quantity: 3 }, key('k'));
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    expect((await ok('GET', '/accounts/acme/packs')).body.items.length).toBe(2);
    // Another route is another scope: the key is new there.
    await ok('POST', '/accounts/acme/deposits', { amount: '1', reference: 'r' }, key('k'));
  });

  test('is known after a restart, and 400 days later', async () => {
    const env = { SUANPAN_STORE: `sqlite:${join(temporaryFolder(), 'ledger.db')}` };
    const before = await opened(env);
    await withAccount(before);
    const first = await before.ok('POST', '/accounts/acme/packs', PACK, key('k'));
    const webhook = { name: 'gateway', scopes: ['meter'] };
    const secret = (await before.ok('POST', '/keys', webhook, key('s'))).body;
    await before.stop();
    const after = await opened(env);
    await after.ok('PUT', '/clock', { now: '2020-02-05T00:00:00+08:00' });
    const again = await after.ok('POST', '/accounts/acme/packs', PACK, key('k'));
    expect([again.body, again.headers.get('idempotency-hit')]).toEqual([first.body, 'true']);
    expect((await after.ok('POST', '/keys', webhook, key('s'))).body).toEqual(secret);
    expect((await after.ok('GET', '/accounts/acme/packs')).body.items.length).toBe(2);
  });

  test('of a refusal is decided anew; of a harmless command it stays harmless after things changed', async () => {
    const { ok, send } = await opened();
    await ok('POST', '/accounts', { account: 'acme', name: '' });
    await ok('POST', '/accounts/acme/services', { product: 'face-recognition' });
    const poor = await send('POST', '/accounts/acme/packs', PACK, key('k'));
    expect([poor.status, poor.body.code]).toEqual([402, 'insufficient_funds']);
    await ok('POST', '/accounts/acme/deposits', { amount: '9000', reference: 'r' });
    expect((await ok('POST', '/accounts/acme/packs', PACK, key('k'))).status).toBe(201);
    const stop = { reason: 'prohibited', note: 'abuse' };
    await ok('POST', '/accounts/acme/suspensions', stop, key('a'));
    expect((await ok('POST', '/accounts/acme/suspensions', stop, key('b'))).status).toBe(200);
    await ok('DELETE', '/accounts/acme/suspensions/prohibited');
    expect(
      (await ok('POST', '/accounts/acme/suspensions', stop, key('b'))).headers.get('idempotency-hit'),
    ).toBe('true');
    expect((await ok('GET', '/accounts/acme')).body.status).toBe('active');
  });

  test('of what would be done twice needs a key, unless it is a dry run', async () => {
    const { base, ok } = await opened();
    await withAccount(api as ServedApi);
    const blind = (path: string) =>
      fetch(`${base}/v1/accounts/acme/packs${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
        body: JSON.stringify(PACK),
      });
    for (const _ of ['once', 'again']) {
      const answer = await blind('');
      const body = (await answer.json()) as { code: string; field: string };
      expect([answer.status, body.code, body.field]).toEqual([
        400,
        'idempotency_key_missing',
        'Idempotency-Key',
      ]);
    }
    expect((await blind('?dryRun=true')).status).toBe(201);
    expect((await ok('GET', '/accounts/acme/packs')).body.items).toEqual([]);
  });

  test('says the same by the value of its fields, however they are written', async () => {
    const { ok, send } = await opened();
    await withAccount(api as ServedApi);
    const deposit = (amount: string) =>
      send('POST', '/accounts/acme/deposits', { amount, reference: 'wire' }, key('d'));
    expect((await deposit('1.00')).status).toBe(201);
    for (const amount of ['1', '1.0', '001.00'])
      expect((await deposit(amount)).headers.get('idempotency-hit')).toBe('true');
    expect(await deposit('1.01')).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused', key: 'd' },
    });
    const gateway = { name: 'gateway', scopes: ['meter'], expiresAt: '2030-01-01T08:00:00+08:00' };
    const made = await ok('POST', '/keys', gateway, key('k'));
    const again = { ...gateway, accounts: null, expiresAt: '2030-01-01T00:00:00Z' };
    expect((await ok('POST', '/keys', again, key('k'))).body).toEqual(made.body);
    const price = (unitPrice: string, more = {}) => ({
      meter: 'face-recognition/compare',
      from: '2019-03',
      ...more,
      ladder: {
        ...{ mode: 'volume', tierBy: 'post_paid', bounds: 'upper', per: 1 },
        tiers: [{ above: 0, upTo: null, unitPrice }],
      },
    });
    await ok('POST', '/accounts/acme/contract-prices', price('0.0025'), key('p'));
    const same = await ok(
      'POST',
      '/accounts/acme/contract-prices',
      price('0.00250', { until: null }),
      key('p'),
    );
    expect(same.headers.get('idempotency-hit')).toBe('true');
    // A reference is a text: one that looks like the same number is another.
    const references = await Promise.all(
      ['7', '7.0'].map((reference) => ok('POST', '/accounts/acme/deposits', { amount: '1', reference })),
    );
    expect(references.map(({ status }) => status)).toEqual([201, 201]);
  });

  test('of a key that a release before this one recorded is known by how it was written', async () => {
    const { ok, running } = await opened();
    await withAccount(api as ServedApi);
    const body = { amount: '5', reference: 'old' };
    const hash = sha256(canonicalJson(body));
    const mark = { key: 'first POST /deposits old', hash };
    await running.api.ledger.execute('acme', { name: 'deposit', body }, running.api.clock.now(), mark);
    const again = await ok('POST', '/accounts/acme/deposits', body, key('old'));
    expect([again.status, again.headers.get('idempotency-hit')]).toEqual([201, 'true']);
  });

  test('at the same time as the first is told to wait, or answered as the first', async () => {
    const { send } = await opened();
    await withAccount(api as ServedApi);
    const all = await Promise.all(
      Array.from({ length: 20 }, () => send('POST', '/accounts/acme/packs', PACK, key('k'))),
    );
    expect(all.some(({ status }) => status === 201)).toBe(true);
    for (const { status, body } of all)
      if (status !== 201) expect([status, body.code]).toEqual([409, 'idempotency_in_flight']);
    expect((await send('GET', '/accounts/acme/packs')).body.items.length).toBe(2);
  });
});

test('a dry run answers as if, and records nothing', async () => {
  const { ok, send } = await opened();
  await withAccount(api as ServedApi);
  const events = async () => (await ok('GET', '/accounts/acme/events')).body.items.length;
  const before = await events();
  const dry = await ok('POST', '/accounts/acme/packs?dryRun=true', PACK, key('k'));
  expect(dry.body.packs.map(({ pack }: { pack: string }) => pack)).toEqual(['pack-000001', 'pack-000002']);
  expect((await send('POST', '/accounts/acme/packs?dryRun=true', { ...PACK, size: 7 })).body.code).toBe(
    'pack_not_sold',
  );
  expect(await events()).toBe(before);
  expect(
    (await ok('POST', '/accounts/acme/packs', PACK, key('k'))).headers.get('idempotency-hit'),
  ).toBeNull();
});

test('who and why stay with the fact', async () => {
  const { ok, send } = await opened();
  await withAccount(api as ServedApi);
  const said = { 'x-actor': 'operator-7', 'x-reason': 'ticket 12' };
  await ok('POST', '/accounts/acme/suspensions', { reason: 'prohibited', note: '' }, said);
  const { items } = (await ok('GET', '/accounts/acme/events')).body;
  expect(items.find(({ type }: { type: string }) => type === 'AccountSuspended')).toMatchObject({
    actor: 'operator-7',
    reason: 'ticket 12',
  });
  expect(
    (await send('POST', '/accounts', { account: 'b', name: '' }, { 'x-actor': 'no id' })).body.field,
  ).toBe('X-Actor');
});

test('a command tells its position; a read behind a position that is not there says so', async () => {
  const { ok, send } = await opened();
  await withAccount(api as ServedApi);
  const position = (await ok('POST', '/accounts/acme/packs', PACK)).headers.get('ledger-position');
  expect((await ok('GET', `/accounts/acme/packs?after=${position}`)).body.items.length).toBe(2);
  const far = await send('GET', '/accounts/acme?after=999999');
  expect([far.status, far.body.code, far.headers.get('retry-after')]).toEqual([503, 'view_behind', '1']);
});

test('an account as it was: by when things happened, and by what the ledger knew', async () => {
  const { ok, send } = await opened();
  await withAccount(api as ServedApi);
  const early = (await ok('GET', '/accounts/acme/events')).body.items.at(-1).position;
  await ok('PUT', '/clock', { now: '2019-01-10T00:00:00+08:00' });
  await ok('POST', '/accounts/acme/packs', PACK);
  const total = async (query: string) => (await ok('GET', `/accounts/acme${query}`)).body.balance.total;
  expect(await total('')).toBe('193800.00');
  expect(await total('?asOf=2019-01-09T23:59:59%2B08:00')).toBe('200000.00');
  expect(await total('?asOf=2019-01-10T00:00:00%2B08:00')).toBe('193800.00');
  expect(await total('?asOf=2019-01-09T00:00:00+08:00')).toBe('200000.00');
  expect(await total(`?asOfPosition=${early}`)).toBe('200000.00');
  for (const path of ['/accounts/acme', '/accounts/acme/packs'])
    expect((await send('GET', `${path}?asOfPosition=999999999`)).body).toMatchObject({
      code: 'invalid_request',
      field: 'asOfPosition',
    });
  expect((await ok('GET', '/accounts/acme/packs?asOf=2019-01-05T00:00:00Z')).body.items).toEqual([]);
  expect((await send('GET', '/accounts/acme?asOf=2018-01-01T00:00:00Z')).body.code).toBe('account_unknown');
});

test('time passes by the test clock: notices, closes at their moment, expiry at its instant', async () => {
  const { ok, send } = await opened();
  await withAccount(api as ServedApi);
  await ok('POST', '/accounts/acme/packs', { ...PACK, quantity: 1 });
  await ok('POST', '/usage', usage('1', {}, 15_000));
  await ok('PUT', '/clock', { now: '2020-02-01T05:00:00+08:00' });
  const { items: bills } = (await ok('GET', '/accounts/acme/bills?limit=20')).body;
  expect(bills.map(({ month }: { month: string }) => month).slice(0, 2)).toEqual(['2019-01', '2019-02']);
  expect(bills.length).toBe(13);
  expect(bills[0].issuedAt).toBe('2019-01-31T20:00:00.000Z');
  const { items } = (await ok('GET', '/accounts/acme/events?limit=200')).body;
  const expired = items.find(({ type }: { type: string }) => type === 'PackExpired');
  expect([expired.at, expired.data.forfeited]).toEqual(['2019-12-31T16:00:00.000Z', 995_000]);
  const { items: notices } = (await ok('GET', '/accounts/acme/notices?limit=100')).body;
  expect(notices.filter(({ kind }: { kind: string }) => kind === 'pack_expiring').length).toBe(2);
  for (const { month } of bills)
    expect((await ok('GET', `/accounts/acme/bills/${month}/replay`)).body.match).toBe(true);
  expect((await send('PUT', '/clock', { now: '2019-05-01T00:00:00Z' })).body.code).toBe('out_of_order');
  await ok('PUT', '/clock', { now: '2020-02-01T05:00:00+08:00' });
});

test('closing every account is a job', async () => {
  const { ok, send } = await opened({ SUANPAN_CLOSE_AT: 'manual' });
  for (const account of ['a', 'b', 'c']) await withAccount(api as ServedApi, account);
  expect((await send('POST', '/months/2019-01/close')).body.code).toBe('month_not_over');
  await ok('PUT', '/clock', { now: '2019-02-03T00:00:00+08:00' });
  const { status, body } = await ok('POST', '/months/2019-01/close', undefined, key('j'));
  expect(status).toBe(202);
  await (api as ServedApi).running.api.jobs.idle();
  expect((await ok('GET', `/jobs/${body.job}`)).body).toMatchObject({
    state: 'done',
    closed: 3,
    refused: [],
  });
  const again = await ok('POST', '/months/2019-01/close', undefined, key('j'));
  expect([again.body.job, again.headers.get('idempotency-hit')]).toEqual([body.job, 'true']);
});

describe('usage', () => {
  test('every record gets its outcome, and one bad record spoils nothing', async () => {
    const { ok } = await opened();
    await withAccount(api as ServedApi);
    const batch = [
      usage('1'),
      usage('1'),
      usage('1', {}, 2),
      { id: 'bad' },
      usage('2', { subject: 'nobody' }),
      7,
      usage('3'),
    ];
    const { body } = await ok('POST', '/usage', batch);
    expect(body).toMatchObject({
      accepted: 2,
      duplicates: 1,
      conflicts: 1,
      refused: 3,
      results: [
        { index: 1, id: '1', outcome: 'duplicate' },
        { index: 2, id: '1', outcome: 'conflict', held: { calls: 1 } },
        { index: 3, id: 'bad', outcome: 'refused', code: 'invalid_record' },
        { index: 4, id: '2', outcome: 'refused', code: 'account_unknown', field: 'subject' },
        { index: 5, id: null, outcome: 'refused', code: 'invalid_record' },
      ],
    });
    expect((await ok('POST', '/usage', usage('3'))).body).toMatchObject({ accepted: 0, duplicates: 1 });
  });

  test('NDJSON is answered in NDJSON, the counts last', async () => {
    const { ok, send } = await opened();
    await withAccount(api as ServedApi);
    const lines = Array.from({ length: 2_500 }, (_, i) => JSON.stringify(usage(String(i % 2_400))));
    const headers = { 'content-type': 'application/x-ndjson' };
    const { body } = await send('POST', '/usage', `${lines.join('\n')}\n\nno json\n`, headers);
    const told = body
      .trim()
      .split('\n')
      .map((line: string) => JSON.parse(line));
    expect(told.at(-1)).toEqual({ accepted: 2_400, duplicates: 100, conflicts: 0, refused: 1 });
    expect(told.length).toBe(102);
    expect(told[0]).toEqual({ index: 2_400, id: '0', outcome: 'duplicate' });
    const { items, next } = (await ok('GET', '/accounts/acme/usage?by=record&limit=1000')).body;
    expect([items.length, typeof next]).toEqual([1_000, 'string']);
    const rest = (await ok('GET', `/accounts/acme/usage?by=record&limit=1000&cursor=${next}`)).body.items;
    expect(new Set([...items, ...rest].map(({ id }: { id: string }) => id)).size).toBe(2_000);
    expect((await ok('GET', '/accounts/acme/usage?by=interface')).body.items).toMatchObject([
      { records: 2_400 },
    ]);
  });

  test('the content types of CloudEvents are known, others are not', async () => {
    const { send } = await opened();
    await withAccount(api as ServedApi);
    const as = (type: string) => ({ 'content-type': type });
    expect((await send('POST', '/usage', usage('1'), as('application/cloudevents+json'))).body.accepted).toBe(
      1,
    );
    expect(
      (await send('POST', '/usage', [usage('2')], as('application/cloudevents-batch+json; charset=utf-8')))
        .body.accepted,
    ).toBe(1);
    expect((await send('POST', '/usage', '<x/>', as('text/xml'))).body.code).toBe('media_type_unsupported');
  });
});
