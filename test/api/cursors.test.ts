/** Cursors that no list gave, for every list of the route table: refused by name or an empty page, never a fault. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADMIN, type ServedApi, served, withAccount } from '../support/api.ts';
import { LIFE, nameOf } from './life.ts';

let api: ServedApi;
beforeAll(async () => {
  api = await served();
  await withAccount(api);
});
afterAll(() => api.stop());

const LISTS = LIFE.filter(({ method, query }) => method === 'GET' && 'cursor' in query.shape);
const HOSTILE = [
  ...['', ' ', '0x10', '1e3', '-1', '+1', '1.5', 'NaN', 'Infinity', '9'.repeat(16), '9'.repeat(500), '1-2-3'],
  ...['5-', '-5', '1-1e400', '\0', '../..', '%', '\ud83d\ude00', 'x'.repeat(501), 'x'.repeat(8_000), "'; --"],
  ...['999999999999999', '999999999999999-999999999999999', '__proto__', 'account-', '\uffff'],
];

test('lists are looked at', () => expect(LISTS.length).toBeGreaterThan(8));

describe.each(LISTS.map((route) => [nameOf(route), route] as const))('%s', (_, route) => {
  test('takes no cursor that it did not give for a fault', async () => {
    const [path = '', query = ''] = route.example.path.replace(/:[a-z]+/g, 'none').split('?');
    for (const cursor of HOSTILE) {
      const asked = `${path}?${query === '' ? '' : `${query}&`}cursor=${encodeURIComponent(cursor)}`;
      const { status, body } = await api.send('GET', asked, undefined, { authorization: `Bearer ${ADMIN}` });
      expect([200, 400, 404, 414, 431], `${asked}: ${JSON.stringify(body)}`).toContain(status);
      if (status === 400) expect([asked, body.field]).toEqual([asked, 'cursor']);
      if (status === 200 && Array.isArray(body.items)) expect(body.items.length).toBeLessThanOrEqual(1_000);
    }
  });
});

test('a number is digits, and a place in a fact is two of them', async () => {
  const refused = async (path: string, cursor: string): Promise<void> => {
    const { status, body } = await api.send('GET', `${path}?cursor=${encodeURIComponent(cursor)}`);
    expect([path, cursor, status, body.field]).toEqual([path, cursor, 400, 'cursor']);
  };
  for (const cursor of ['', ' 5', '0x10', '1e3', '+1', '9'.repeat(16)]) {
    await refused('/checkpoints', cursor);
    await refused('/accounts/acme/events', cursor);
  }
  for (const cursor of ['', '5', '5-', '1-2-3', '1-0x1'])
    await refused('/accounts/acme/refused-usage', cursor);
});
