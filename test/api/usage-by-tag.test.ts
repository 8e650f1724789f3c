/** Usage of a month by the values of a tag (price-books.md, "Tags"). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chat } from '../domain/books.ts';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';

const FACE = 'face-recognition/compare';
let api: ServedApi;
beforeAll(async () => {
  api = await served();
  await withAccount(api);
  await api.ok('PUT', '/price-books/chat/2019-01', { ...chat });
  await api.ok('POST', '/accounts/acme/services', { product: 'chat' });
});
afterAll(() => api.stop());

const tagged = (id: string, calls: number, tags?: Record<string, string>) =>
  usage(id, { data: { interface: FACE, calls, ...(tags ? { tags } : {}) } });
const byTag = async (tag: string) =>
  (await api.ok('GET', `/accounts/acme/usage?month=2019-01&by=tag&tag=${tag}`)).body.items;

describe('usage by tag', () => {
  test('has an item for each value and interface, and one for what has no such tag', async () => {
    await api.ok('POST', '/usage', [
      tagged('a', 5, { team: 'red', 'cost.centre': '7' }),
      tagged('b', 7, { team: 'red' }),
      tagged('c', 11, { team: 'blue/green' }),
      tagged('d', 13),
    ]);
    expect(await byTag('team')).toMatchObject([
      { value: 'blue/green', interface: FACE, records: 1, calls: 11, unit: { en: 'call' } },
      { value: 'red', interface: FACE, records: 2, calls: 12 },
      { value: null, interface: FACE, records: 1, calls: 13 },
    ]);
    expect(await byTag('cost.centre')).toMatchObject([
      { value: '7', records: 1, calls: 5 },
      { value: null, records: 3, calls: 31 },
    ]);
  });

  test('follows a correction, and tags are content', async () => {
    await api.ok('POST', '/accounts/acme/corrections', {
      source: '/gateway/1',
      id: 'b',
      calls: 3,
      reason: 'r',
    });
    expect((await byTag('team'))[1]).toMatchObject({ value: 'red', records: 2, calls: 8 });
    const { body } = await api.ok('POST', '/usage', [tagged('a', 5, { team: 'red' })]);
    expect(body).toMatchObject({ conflicts: 1 });
  });

  test('of several quantities has an item for each', async () => {
    const quantities = { input: 600, output: 40 };
    const data = { interface: 'chat/complete', quantities, tags: { project: 'p' } };
    await api.ok('POST', '/usage', [usage('q', { data })]);
    expect(
      (await byTag('project')).filter(({ value }: { value: string | null }) => value !== null),
    ).toMatchObject(
      [
        { value: 'p', interface: 'chat/complete', measure: 'cache_read', quantity: 0, unit: { en: 'token' } },
        { value: 'p', interface: 'chat/complete', measure: 'input', quantity: 600 },
        { value: 'p', interface: 'chat/complete', measure: 'output', quantity: 40 },
      ].sort(
        (a, b) =>
          ['input', 'cache_read', 'output'].indexOf(a.measure) -
          ['input', 'cache_read', 'output'].indexOf(b.measure),
      ),
    );
  });

  test('keeps a thousand values apart, and adds up the rest', async () => {
    const many = Array.from({ length: 1_005 }, (_, i) => tagged(`m${i}`, 1, { run: String(i) }));
    await api.ok('POST', '/usage', many);
    const first = (await api.ok('GET', '/accounts/acme/usage?month=2019-01&by=tag&tag=run&limit=1000')).body;
    expect(first.items).toHaveLength(1_000);
    const next = await api.ok(
      'GET',
      `/accounts/acme/usage?month=2019-01&by=tag&tag=run&limit=1000&cursor=${first.next}`,
    );
    expect(next.body.items).toMatchObject(
      [
        { value: null, other: true, records: 5, calls: 5 },
        { value: null, interface: FACE },
        { value: null, interface: 'chat/complete' },
        { value: null, interface: 'chat/complete' },
        { value: null, interface: 'chat/complete' },
      ].slice(0, next.body.items.length),
    );
    expect(next.body.items.length).toBeGreaterThan(2);
  });

  test.each(['by=tag', 'by=day&tag=team', 'tag=team', 'by=tag&tag=team&asOf=2019-01-02T00:00:00Z'])(
    'asked as %s is refused',
    async (query) => {
      const { status } = await api.send('GET', `/accounts/acme/usage?month=2019-01&${query}`);
      expect(status).toBe(400);
    },
  );
});
