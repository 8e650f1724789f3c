/** Every route of the table, with no key, a key that is none, a scope that is not enough, and a foreign account. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { SCOPES, type Scope } from '../../src/access/events.ts';
import { ROUTES } from '../../src/api/routes/all.ts';
import { type ServedApi, served, withAccount } from '../support/api.ts';

let api: ServedApi;
const keys: Record<string, string> = {};
const newKey = async (name: string, scopes: readonly Scope[], accounts: readonly string[] | null) => {
  const { body } = await api.ok('POST', '/keys', { name, scopes, accounts });
  keys[name] = body.secret;
};

beforeAll(async () => {
  api = await served();
  await withAccount(api, 'acme');
  await withAccount(api, 'other');
  for (const scope of SCOPES) await newKey(scope, [scope], null);
  await newKey('bound', ['admin'], ['acme']);
});
afterAll(() => api.stop());

const ENOUGH: Readonly<Record<Scope, readonly Scope[]>> = {
  admin: ['admin'],
  operate: ['admin', 'operate'],
  read: ['admin', 'operate', 'read'],
  meter: ['admin', 'meter'],
};
/** `:name` as something that is none. */
const filled = (path: string, account: string): string =>
  path
    .replace(':account', account)
    .replace(':dispute', `${account}:1`)
    .replace(':month', '2019-01')
    .replace(/:[a-z]+/g, 'none');
const as = (name: string) => ({ authorization: `Bearer ${keys[name] ?? name}` });

describe.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_, route) => {
  const body = route.body === null ? undefined : {};
  const send = (account: string, headers: Readonly<Record<string, string>>) =>
    api.send(route.method, filled(route.path, account), body, headers);

  test('is closed without a key, and with one that is none', async () => {
    const url = `${api.base}/v1${filled(route.path, 'acme')}`;
    const unnamed = await fetch(url, { method: route.method });
    expect([unnamed.status, await unnamed.json()]).toMatchObject([401, { code: 'key_missing' }]);
    for (const authorization of ['', 'Bearer', 'Bearer sk_nobody-knows-this'])
      expect(await send('acme', { authorization })).toMatchObject({
        status: 401,
        body: { code: 'key_invalid' },
      });
  });

  test('is closed to every scope that is not enough', async () => {
    for (const scope of SCOPES) {
      if (route.path === '/stream' && ENOUGH[route.scope].includes(scope)) continue;
      const { status, body: answer } = await send('acme', as(scope));
      if (ENOUGH[route.scope].includes(scope) || scope === route.ownScope)
        expect([401, 403]).not.toContain(status);
      else expect([status, answer.code]).toEqual([403, 'scope_missing']);
    }
  });

  if (/:(account|dispute)/.test(route.path))
    test('is closed to a key of another account', async () => {
      const { status, body: answer } = await send('other', as('bound'));
      expect([status, answer.code]).toEqual([403, 'account_forbidden']);
      expect((await send('acme', as('bound'))).status).not.toBe(403);
    });
});

test('a bound key sees no other account in lists, streams and what it reports', async () => {
  const bound = as('bound');
  const { body } = await api.ok('GET', '/accounts', undefined, bound);
  expect(body.items.map(({ account }: { account: string }) => account)).toEqual(['acme']);
  expect((await api.send('POST', '/accounts', { account: 'third' }, bound)).body.code).toBe(
    'account_unknown',
  );
  const report = { specversion: '1.0', type: 'suanpan.usage', source: '/g', id: '1', subject: 'other' };
  const answer = await api.ok('POST', '/usage', [{ ...report, time: 'x', data: {} }], bound);
  expect(answer.body.results).toMatchObject([
    { index: 0, id: '1', outcome: 'refused', code: 'account_unknown', field: 'subject' },
  ]);
  expect((await api.ok('GET', '/accounts/other/refused-usage')).body.items).toEqual([]);
  for (const path of ['/keys', '/webhooks'])
    expect((await api.send('GET', path, undefined, bound)).status).toBe(403);
});

/** A key that has just expired; on a busy machine the first tries may be too late to make it. */
const expiring = async (headers: Readonly<Record<string, string>> = {}) => {
  for (let ahead = 100; ; ahead *= 2) {
    const expiresAt = new Date(Date.now() + ahead).toISOString();
    const body = { name: 'soon', scopes: ['read'], expiresAt };
    const answer = await api.send('POST', '/keys', body, headers);
    if (answer.status !== 201) continue;
    await vi.waitUntil(() => new Date().toISOString() >= expiresAt, { timeout: 60_000 });
    return { body, made: answer.body };
  }
};

test('a key that would be void from the beginning is not made; a repeat is answered as the first was', async () => {
  const key = { 'idempotency-key': 'soon' };
  const { body, made: first } = await expiring(key);
  for (const dry of ['', '?dryRun=true']) {
    expect((await api.ok('POST', `/keys${dry}`, body, key)).body).toEqual(first);
    for (const expiresAt of [body.expiresAt, '2020-01-01T00:00:00+08:00', '0001-01-03T00:00:00Z']) {
      const answer = await api.send('POST', `/keys${dry}`, { ...body, expiresAt });
      expect([answer.status, answer.body.code, answer.body.field]).toEqual([
        400,
        'invalid_request',
        'expiresAt',
      ]);
      expect(answer.body.detail).toContain(expiresAt);
    }
  }
});

test('a bound webhook names accounts that there are, and types that accounts have', async () => {
  const url = 'https://example.com/h';
  for (const dry of ['', '?dryRun=true']) {
    const unknown = await api.send('POST', `/webhooks${dry}`, { url, accounts: ['acme', 'nope'] });
    expect([unknown.status, unknown.body.code, unknown.body.field, unknown.body.account]).toEqual([
      ...[404, 'account_unknown', 'accounts.1', 'nope'],
    ]);
    const signed = { url, accounts: ['acme'], types: ['bill.issued', 'checkpoint.signed'] };
    const never = await api.send('POST', `/webhooks${dry}`, signed);
    expect([never.status, never.body.code, never.body.field]).toEqual([400, 'invalid_request', 'types.1']);
    expect((await api.send('POST', `/webhooks${dry}`, { ...signed, accounts: null })).status).toBe(201);
  }
  const types = ['*'];
  expect((await api.ok('POST', '/webhooks', { url, types, accounts: ['acme'] })).body.accounts).toEqual([
    'acme',
  ]);
});

test('a key is void from its expiry, its revocation, and the end of a rotation on', async () => {
  const { made: expired } = await expiring();
  const read = (secret: string) =>
    api.send('GET', '/accounts', undefined, { authorization: `Bearer ${secret}` });
  expect((await read(expired.secret)).body.code).toBe('key_invalid');
  const { body: old } = await api.ok('POST', '/keys', { name: 'old', scopes: ['read'] });
  const { body: next } = await api.ok('POST', `/keys/${old.key}/rotation`, { overlapSeconds: 600 });
  expect([(await read(old.secret)).status, (await read(next.secret)).status]).toEqual([200, 200]);
  const { body: last } = await api.ok('POST', `/keys/${next.key}/rotation`, { overlapSeconds: 0 });
  expect([(await read(next.secret)).status, (await read(last.secret)).status]).toEqual([401, 200]);
  await api.ok('DELETE', `/keys/${last.key}`);
  expect((await read(last.secret)).status).toBe(401);
  const { body: list } = await api.ok('GET', '/keys');
  const shown = JSON.stringify(list);
  for (const { secret } of [expired, old, next, last]) expect(shown).not.toContain(secret);
});
