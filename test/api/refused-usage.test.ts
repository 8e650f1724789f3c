/** Refused usage is readable by who runs the ledger, also where it names no account; no text breaks a request. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';

let api: ServedApi;
beforeAll(async () => {
  api = await served();
  await withAccount(api);
});
afterAll(() => api.stop());

/** Every item, page by page. */
const everyItem = async (path: string, limit: number): Promise<Record<string, unknown>[]> => {
  const items: Record<string, unknown>[] = [];
  for (let next: string | null = '0-0'; next !== null; ) {
    const { body } = await api.ok('GET', `${path}?limit=${limit}&cursor=${next}`);
    expect(body.items.length).toBeLessThanOrEqual(limit);
    items.push(...body.items);
    next = body.next;
  }
  return items;
};

const unknown = usage('of nobody', { subject: 'nobody' });
const malformed = usage('malformed', { subject: 'no-one', data: {} });
const nameless = { id: 'nameless' };

test('what names no account that exists is listed with the account it names, and once', async () => {
  await api.ok('POST', '/usage', [unknown, malformed, nameless, unknown, 7]);
  await api.ok('POST', '/usage', [unknown, usage('late', { subject: 'ghost' })]);
  const items = await everyItem('/refused-usage', 2);
  expect(items.map(({ account, code }) => [String(account), code]).sort()).toEqual([
    ['ghost', 'account_unknown'],
    ['no-one', 'invalid_record'],
    ['nobody', 'account_unknown'],
    ['null', 'invalid_record'],
    ['null', 'invalid_record'],
  ]);
  const [first] = items.filter(({ account }) => account === 'nobody');
  expect(first).toEqual({
    account: 'nobody',
    at: '2018-12-31T16:00:00.000Z',
    code: 'account_unknown',
    detail: 'subject: there is no such account',
    record: unknown,
  });
  expect(items.map(({ record }) => record)).toEqual(expect.arrayContaining([malformed, nameless, 7]));
});

test('what names an account is in that account’s log alone', async () => {
  const before = await everyItem('/refused-usage', 100);
  await api.ok('POST', '/usage', usage('bad', { data: {} }));
  expect(await everyItem('/refused-usage', 100)).toEqual(before);
  const own = await everyItem('/accounts/acme/refused-usage', 100);
  expect(own.map(({ code }) => code)).toEqual(['invalid_record']);
});

test('it takes the scope operate, and a key that is bound to no account', async () => {
  const as = async (body: object): Promise<unknown[]> => {
    const { secret } = (await api.ok('POST', '/keys', { name: 'k', ...body })).body;
    const answer = await api.send('GET', '/refused-usage', undefined, { authorization: `Bearer ${secret}` });
    return [answer.status, answer.body.code];
  };
  expect(await as({ scopes: ['operate'] })).toEqual([200, undefined]);
  expect(await as({ scopes: ['read'] })).toEqual([403, 'scope_missing']);
  expect(await as({ scopes: ['operate'], accounts: ['acme'] })).toEqual([403, 'account_forbidden']);
});

test.each([
  ['POST', '/accounts', '{"account":"beta","name":"\\ud800"}', 'name'],
  ['POST', '/accounts/acme/deposits', '{"amount":"1.00","reference":"a\\udc00b"}', 'reference'],
  ['POST', '/accounts/acme/suspensions', '{"reason":"prohibited","note":"\\uD83D"}', 'note'],
  ['PUT', '/accounts/acme/contacts', '{"phone":"\\ud83d\\ud83d"}', 'phone'],
  ['POST', '/keys', '{"name":"\\udfff","scopes":["read"]}', 'name'],
  ['POST', '/price-books/lint', '{"product":{"deep":["\\ud800"]}}', 'product.deep.0'],
])('half a surrogate pair in %s %s is 400 with the field', async (method, path, body, field) => {
  for (const headers of [{}, { 'idempotency-key': `k-${path.length}` }]) {
    const answer = await api.send(method, path, body, headers);
    expect([answer.status, answer.body.code, answer.body.field]).toEqual([400, 'invalid_request', field]);
  }
});

test('usage may hold it: such a record is metered once, and where it is refused the log shows it as it came', async () => {
  const half = usage('half \ud83d');
  const { body } = await api.ok('POST', '/usage', [half, half, { ...half, data: {} }]);
  expect([body.accepted, body.duplicates, body.refused]).toEqual([1, 1, 1]);
  const own = await everyItem('/accounts/acme/refused-usage', 100);
  expect(own.at(-1)).toMatchObject({ code: 'invalid_record', record: { id: 'half \ud83d' } });
});

test('a line that is nested without end is refused, and the stream goes on', async () => {
  const deep = `{"subject":"acme","x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
  const lines = [JSON.stringify(usage('before')), deep, JSON.stringify(usage('behind'))].join('\n');
  const { body } = await api.ok('POST', '/usage', lines, { 'content-type': 'application/x-ndjson' });
  expect(JSON.parse(body.trim().split('\n').at(-1))).toMatchObject({ accepted: 2, refused: 1 });
});

test('a key that may only report reads what it reported itself, and nothing that others did', async () => {
  const made = async (name: string, accounts: readonly string[] | null) => {
    const { secret } = (await api.ok('POST', '/keys', { name, scopes: ['meter'], accounts })).body;
    return { authorization: `Bearer ${secret}` };
  };
  const [one, other, bound] = [
    await made('one', null),
    await made('other', null),
    await made('bound', ['acme']),
  ];
  const broken = (id: string, subject = 'acme') => ({ ...usage(id), subject, data: {} });
  for (const [key, name] of [
    [one, 'one'],
    [other, 'other'],
    [bound, 'bound'],
  ] as const)
    await api.ok(
      'POST',
      '/usage',
      [broken(`own-${name}`), broken(`elsewhere-${name}`, 'nobody-at-all')],
      key,
    );
  const ids = async (path: string, key: { authorization: string }): Promise<string[]> =>
    (await api.ok('GET', path, undefined, key)).body.items.map(
      ({ record }: { record: { id: string } }) => record.id,
    );
  expect(await ids('/accounts/acme/refused-usage', one)).toEqual(['own-one']);
  expect(await ids('/refused-usage', one)).toEqual(['elsewhere-one']);
  expect(await ids('/accounts/acme/refused-usage', other)).toEqual(['own-other']);
  expect(await ids('/accounts/acme/refused-usage', bound)).toEqual(['own-bound']);
  // What it reported for accounts that it does not see is refused, and kept where it alone (and an operator) reads it.
  expect(await ids('/refused-usage', bound)).toEqual(['elsewhere-bound']);
  const read = await api.send('GET', '/accounts/acme/bills', undefined, one);
  expect([read.status, read.body.code]).toEqual([403, 'scope_missing']);
});

test('a reporter is told when no more of what it reports is kept, and everybody sees how much was not', async () => {
  const { secret } = (await api.ok('POST', '/keys', { name: 'noisy', scopes: ['meter'] })).body;
  const key = { authorization: `Bearer ${secret}` };
  const junk = Array.from({ length: 6_000 }, (_, i) => 1_000_001 + i);
  const { body } = await api.ok('POST', '/usage', junk, key);
  expect([body.refused, body.notKept]).toEqual([6_000, 1_000]);
  const lines = await api.ok('POST', '/usage', '"more"\n"junk"\n', {
    ...key,
    'content-type': 'application/x-ndjson',
  });
  expect(JSON.parse(lines.body.trim().split('\n').at(-1))).toMatchObject({ refused: 2, notKept: 2 });
  const seen = (await everyItem('/refused-usage', 500)).filter(({ notKept }) => notKept !== undefined);
  expect(seen.reduce((sum, { notKept }) => sum + Number(notKept), 0)).toBe(1_002);
  expect(seen[0]).toMatchObject({ code: 'invalid_record', record: null });
});
