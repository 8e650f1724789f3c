/** Account ids that no path of the interface could name are refused in every way in, and never recorded. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseLine } from '../../src/import/lines.ts';
import { type ServedApi, served, usage } from '../support/api.ts';

let api: ServedApi;
beforeAll(async () => {
  api = await served();
});
afterAll(() => api.stop());

/** A value as a line of an import. */
const parsed = (value: object) => {
  const bytes = Buffer.from(JSON.stringify(value));
  return parseLine({ bytes, length: bytes.length });
};

describe.each(['.', '..'])('the account %s', (account) => {
  test('cannot be opened, bound to a key, or told to a webhook', async () => {
    for (const [path, body, field] of [
      ['/accounts', { account, name: '' }, 'account'],
      ['/keys', { name: 'k', scopes: ['read'], accounts: [account] }, 'accounts.0'],
      ['/webhooks', { url: 'https://example.com/h', accounts: ['acme', account] }, 'accounts.1'],
    ] as const) {
      const answer = await api.send('POST', path, body);
      expect([answer.status, answer.body.code, answer.body.field]).toEqual([400, 'invalid_request', field]);
    }
  });

  test('is no subject of usage', async () => {
    const { body } = await api.ok('POST', '/usage', usage('1', { subject: account }));
    expect(body.results).toMatchObject([{ outcome: 'refused', code: 'invalid_record', field: 'subject' }]);
  });

  test('is imported neither by a command nor by usage', () => {
    const open = { at: '2019-01-01T00:00:00Z', command: 'open-account', account, name: '' };
    expect(parsed(open)).toMatchObject({
      kind: 'malformed',
      problem: { field: 'account' },
    });
    expect(parsed(usage('1', { subject: account }))).toMatchObject({
      kind: 'invalid_usage',
      account: null,
    });
  });
});

test('ids that only look like them are as good as any', async () => {
  for (const account of ['...', '.a', 'a.', '-', '_'])
    expect((await api.send('POST', '/accounts', { account, name: '' })).status).toBe(201);
});
