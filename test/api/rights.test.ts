/** Every route of the table, with no key, a key that is none, a scope that is not enough, and a foreign account. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

test('a key is void from its expiry, its revocation, and the end of a rotation on', async () => {
  const past = { name: 'past', scopes: ['read'], expiresAt: '2020-01-01T00:00:00Z' };
  const { body: expired } = await api.ok('POST', '/keys', past);
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
