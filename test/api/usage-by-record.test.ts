/** `usage?by=record` shows a record as it stands now, and what was first reported (interface.md). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';

let api: ServedApi;
beforeAll(async () => {
  api = await served();
  await withAccount(api);
});
afterAll(() => api.stop());

const correct = (id: string, calls: number, source = '/gateway/1') =>
  api.ok('POST', '/accounts/acme/corrections', { source, id, calls, reason: 'counted again' });
const records = async (more = '') => {
  const { body } = await api.ok('GET', `/accounts/acme/usage?month=2019-01&by=record${more}`);
  return body;
};

test('its last correction counts; what was never corrected has no `reported`', async () => {
  await api.ok('POST', '/usage', [
    usage('up', {}, 5),
    usage('down', {}, 5),
    usage('none', {}, 5),
    usage('twice', {}, 5),
    usage('as it was', {}, 5),
    usage('untouched', {}, 5),
    // Another record of the same id: the correction of the one is not that of the other.
    usage('up', { source: '/gateway/2' }, 5),
  ]);
  await correct('up', 7);
  await correct('down', 2);
  await correct('none', 0);
  await correct('twice', 9);
  await correct('twice', 1);
  await correct('as it was', 6);
  await correct('as it was', 5);
  const { items } = await records();
  const shown = items.map(({ source, id, calls, reported }: Record<string, unknown>) => [
    ...[source, id, calls, reported],
  ]);
  expect(shown).toEqual([
    ['/gateway/1', 'up', 7, 5],
    ['/gateway/1', 'down', 2, 5],
    ['/gateway/1', 'none', 0, 5],
    ['/gateway/1', 'twice', 1, 5],
    ['/gateway/1', 'as it was', 5, 5],
    ['/gateway/1', 'untouched', 5, undefined],
    ['/gateway/2', 'up', 5, undefined],
  ]);
});

test('pages add up to what the usage of the month adds up to', async () => {
  let sum = 0;
  for (let cursor = ''; ; ) {
    const page = await records(`&limit=2${cursor}`);
    for (const { calls } of page.items) sum += calls;
    if (page.next === null) break;
    cursor = `&cursor=${page.next}`;
  }
  const { items } = (await api.ok('GET', '/accounts/acme/usage?month=2019-01&by=interface')).body;
  expect(sum).toBe(items[0].calls);
});
