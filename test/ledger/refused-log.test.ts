/** What was refused is logged once for each content, however often and however much comes. */
import { expect, test } from 'vitest';
import { reportOfValue } from '../../src/edge/usage-report.ts';
import { ingest } from '../../src/ledger/ingest.ts';
import { readRefused } from '../../src/ledger/refused-log.ts';
import { openMemoryIndex } from '../../src/store/identity-index-memory.ts';
import { openMemoryStore } from '../../src/store/memory.ts';
import { ACCOUNT, givenLedger, instant } from '../support/given.ts';

const NOW = instant('2019-01-10T00:00:00+08:00');
const event = (id: string, more: object = {}) => ({
  specversion: '1.0',
  type: 'suanpan.usage',
  source: '/gateway/1',
  id,
  subject: ACCOUNT,
  time: '2019-01-09T00:00:00+08:00',
  data: { interface: 'no/such', calls: 1 },
  ...more,
});
const report = (id: string, more: object = {}) => reportOfValue(event(id, more));

test('the same refusal is logged once: within a batch, later, and after the index was lost', async () => {
  const store = openMemoryStore();
  const given = await givenLedger(['face-recognition'], { store });
  await ingest(given.ledger, [report('1'), report('1'), report('2')], NOW);
  await ingest(given.ledger, [report('2'), report('3')], NOW);
  const again = await givenLedger(['face-recognition'], { store, index: openMemoryIndex() });
  await ingest(again.ledger, [report('1'), report('4')], NOW);
  const logged = await readRefused(store, ACCOUNT);
  expect(logged.map(({ record }) => (record as { id: string }).id)).toEqual(['1', '2', '3', '4']);
  expect(logged[0]).toMatchObject({ code: 'interface_unknown', record: event('1') });
});

test('a batch larger than one append is logged whole; of an absurdly long report the beginning', async () => {
  const given = await givenLedger(['face-recognition']);
  const wide = Array.from({ length: 400 }, (_, i) => report(String(i), { note: 'x'.repeat(8_000) }));
  await ingest(given.ledger, [...wide, report('long', { note: 'y'.repeat(3_000_000) })], NOW);
  const logged = await readRefused(given.ledger.store, ACCOUNT);
  expect(logged.length).toBe(401);
  expect(logged[0]?.record).toEqual(event('0', { note: 'x'.repeat(8_000) }));
  expect(logged.at(-1)?.record).toMatchObject({
    characters: expect.any(Number),
    beginning: expect.stringContaining('"data"'),
  });
});

test('a hundred callers at once refuse without getting in each other’s way', async () => {
  const given = await givenLedger(['face-recognition']);
  await Promise.all(
    Array.from({ length: 100 }, (_, i) => ingest(given.ledger, [report(`caller-${i % 50}`)], NOW)),
  );
  expect((await readRefused(given.ledger.store, ACCOUNT)).length).toBe(50);
});
