/** What was refused is logged once for each content, however often and however much comes. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type EventStore, StoreUnavailable } from '../../src/eventstore/event-store.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { openMemoryIndex } from '../../src/identity-index/memory.ts';
import { parseCommand } from '../../src/input/commands.ts';
import { reportOfLine, reportOfText, reportOfValue, type UsageReport } from '../../src/input/usage-report.ts';
import { sha256 } from '../../src/integrity/sha256.ts';
import { ingest } from '../../src/ledger/account/ingest.ts';
import { openLedgerAt } from '../../src/ledger/open.ts';
import { refusedStream } from '../../src/ledger/refused-usage/log.ts';
import { KEPT_REPORTS } from '../../src/ledger/refused-usage/quota.ts';
import { readRefused, readRefusedAt } from '../../src/ledger/refused-usage/read.ts';
import { usedOn } from '../../src/ledger/refused-usage/used-today.ts';
import { temporaryFolder } from '../support/folder.ts';
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

const REPORTER = { key: 'key_1', accounts: null };
const junk = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => reportOfText(String(from + i)));

test('of one key so many reports a day are kept, of each kind of report as it came; the others are counted by code', async () => {
  const given = await givenLedger(['face-recognition']);
  const { ledger } = given;
  const first = await ingest(ledger, junk(KEPT_REPORTS - 1), NOW, REPORTER);
  expect(first.notKept).toBe(0);
  const more = await ingest(ledger, [report('kept'), report('beyond'), ...junk(3, 1e6)], NOW, REPORTER);
  expect(more.notKept).toBe(4);
  expect(await readRefused(ledger.store, ACCOUNT)).toMatchObject([{ record: { id: 'kept' } }]);
  expect((await readRefused(ledger.store, null)).length).toBe(KEPT_REPORTS - 1);
  const counted = async (account: string | null) => {
    const { length } = await ledger.store.head(refusedStream(account));
    return (await readRefusedAt(ledger.store, account, length - 1))?.notKept;
  };
  expect(await counted(ACCOUNT)).toEqual([{ code: 'interface_unknown', reports: 1 }]);
  expect(await counted(null)).toEqual([{ code: 'invalid_record', reports: 3 }]);
  // What was logged already costs nothing of it, another key has its own, an import has none, and so has the next day.
  const tomorrow = NOW + 86_400_000;
  for (const [reports, at, by] of [
    [[report('kept')], NOW, { key: 'key_2', accounts: null }],
    [[report('other key')], NOW, { key: 'key_2', accounts: null }],
    [[report('an import')], NOW, { key: null, accounts: null }],
    [[report('tomorrow')], tomorrow, REPORTER],
  ] as const)
    expect((await ingest(ledger, reports, at, by)).notKept).toBe(0);
  const kept = (await readRefused(ledger.store, ACCOUNT)).map(({ record }) => (record as { id: string }).id);
  expect(kept).toEqual(['kept', 'other key', 'an import', 'tomorrow']);
});

test('a server that starts again goes on with what each key has used of its day', async () => {
  const store = openMemoryStore();
  const restarted = async () =>
    (await givenLedger(['face-recognition'], { store, index: openMemoryIndex() })).ledger;
  const notKept = async (reports: readonly UsageReport[], at = NOW, key = 'key_1') =>
    (await ingest(await restarted(), reports, at, { key, accounts: null })).notKept;
  // Of yesterday, of other keys, and of several logs.
  expect(await notKept(junk(100, 5e6), NOW - 86_400_000)).toBe(0);
  expect(await notKept(junk(100, 6e6), NOW, 'key_2')).toBe(0);
  expect(await notKept(junk(KEPT_REPORTS - 3))).toBe(0);
  expect(await notKept([report('1'), report('2')])).toBe(0);
  expect(await notKept([report('3'), report('4')])).toBe(1);
  // Now counts are in the log: they say it too.
  expect(await notKept(junk(2, 7e6))).toBe(2);
  expect(await notKept(junk(KEPT_REPORTS - 100, 8e6), NOW, 'key_2')).toBe(0);
  expect(await notKept(junk(1, 9e6), NOW, 'key_2')).toBe(1);
  expect(await notKept(junk(1, 9e6), NOW + 86_400_000)).toBe(0);
});

test('where the logs cannot be listed, reports are kept, and the next one looks again', async () => {
  const store = openMemoryStore();
  const before = await givenLedger(['face-recognition'], { store });
  await ingest(before.ledger, junk(KEPT_REPORTS - 2), NOW, REPORTER);
  let failures = 1;
  const failing: EventStore = {
    ...store,
    streams: async (page) => {
      if (failures-- > 0) throw new StoreUnavailable('the directory is away');
      return store.streams(page);
    },
  };
  const { ledger } = await givenLedger(['face-recognition'], { store: failing, index: openMemoryIndex() });
  expect((await ingest(ledger, [report('1')], NOW, REPORTER)).notKept).toBe(0);
  // One was there before it looked, and counts once.
  expect((await ingest(ledger, [report('2'), report('3')], NOW, REPORTER)).notKept).toBe(1);
});

test('of a day with more additions than are read back, the last ones count', async () => {
  const store = openMemoryStore();
  const { ledger } = await givenLedger(['face-recognition'], { store });
  for (let i = 0; i < 5; i++) await ingest(ledger, junk(10, i * 10), NOW, REPORTER);
  const reports = async (most?: number) => (await usedOn(store, '2019-01-09', most)).get('key_1')?.reports;
  expect([await reports(), await reports(2), await reports(0)]).toEqual([50, 20, undefined]);
});

test('many who are refused beyond what is kept at once are counted together', async () => {
  const store = openMemoryStore();
  let isSlow = false;
  const slow: EventStore = {
    ...store,
    append: async (...asked) => {
      // In every turn one of those that wait goes on at least, and each waits a few times.
      for (let turn = 0; isSlow && turn < 2_000; turn++)
        await new Promise((resolve) => setImmediate(resolve));
      return store.append(...asked);
    },
  };
  const { ledger } = await givenLedger(['face-recognition'], { store: slow });
  await ingest(ledger, junk(KEPT_REPORTS), NOW, REPORTER);
  const { length } = await ledger.store.head('refused');
  isSlow = true;
  await Promise.all(Array.from({ length: 200 }, (_, i) => ingest(ledger, junk(1, 1e6 + i), NOW, REPORTER)));
  const after = (await ledger.store.head('refused')).length;
  expect(after - length).toBeLessThan(5);
  let counted = 0;
  for (let revision = length; revision < after; revision++)
    for (const { reports } of (await readRefusedAt(ledger.store, null, revision))?.notKept ?? [])
      counted += reports;
  expect(counted).toBe(200);
});

test('what is packed is found again when the index was lost: nothing is logged twice', async () => {
  const store = openMemoryStore();
  const given = await givenLedger(['face-recognition'], { store });
  const reports = [
    ...Array.from({ length: 50 }, (_, i) => report(`packed-${i}`)),
    reportOfText('{"calls":1e400}'),
    reportOfText('{"half":"\\ud800"}'),
    reportOfText('not JSON'),
    reportOfLine(Buffer.from([0xcd, 0xcb])),
    reportOfText(`"${'long'.repeat(10_000)}"`),
  ];
  await ingest(given.ledger, reports, NOW, REPORTER);
  const before = [await readRefused(store, ACCOUNT), await readRefused(store, null)];
  expect(before.map((all) => all.length)).toEqual([50, 5]);
  expect(before[1]).toMatchObject([
    { text: '{"calls":1e400}', record: null },
    { record: { half: '\ud800' } },
    { text: 'not JSON' },
    { base64: Buffer.from([0xcd, 0xcb]).toString('base64') },
    { record: { characters: 40_002, sha256: expect.any(String) } },
  ]);
  const again = await givenLedger(['face-recognition'], { store, index: openMemoryIndex() });
  await ingest(again.ledger, reports, NOW, REPORTER);
  expect([await readRefused(store, ACCOUNT), await readRefused(store, null)]).toEqual(before);
});

test('junk costs less on disk than as many good records, whatever its form', async () => {
  const bytesOf = async (reports: (i: number) => UsageReport): Promise<number> => {
    const folder = temporaryFolder();
    const ledger = await openLedgerAt({ store: `sqlite:${join(folder, 'ledger.db')}`, clock: 'driven' });
    for (const [name, body] of [
      ['open-account', { name: '' }],
      ['activate-service', { product: 'face-recognition' }],
    ] as const) {
      const parsed = parseCommand(name, body);
      if (parsed.ok)
        await ledger.execute(ACCOUNT, parsed.command, instant('2019-01-01T00:00:00+08:00'), null);
    }
    const size = () =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((name) => statSync(join(folder, name)))
        .reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
    for (let part = 0; part < 12; part++)
      await ingest(
        ledger,
        Array.from({ length: 1_000 }, (_, i) => reports(part * 1_000 + i)),
        NOW,
        REPORTER,
      );
    await ledger.close();
    return size();
  };
  const good = await bytesOf((i) =>
    reportOfValue(
      event(`${sha256(String(i)).slice(0, 32)}`, {
        data: { interface: 'face-recognition/compare', calls: 1 },
      }),
    ),
  );
  for (const junkOf of [
    (i: number) => reportOfText(String(i)),
    (i: number) => reportOfText(sha256(String(i))),
    (i: number) => report(sha256(String(i)).slice(0, 32)),
  ])
    expect(await bytesOf(junkOf)).toBeLessThan(good);
});
