/**
 * A ledger that was decided by the first rules (two notices of one id, a notice of packs just bought, a grace cut short by
 * a later edition) replays as it was, for ever, and goes on by today's rules from its next close on. The file is never
 * changed.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { replayStream } from '../../src/audit/replay/replay.ts';
import { verifyStore } from '../../src/audit/verify/verify-store.ts';
import { CURRENT_RULES } from '../../src/domain/rules.ts';
import { lineChecker } from '../../src/transfer/ledger-lines.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { openMemoryIndex } from '../../src/identity-index/memory.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { instant } from '../support/given.ts';

const STREAM = 'account-acme';

const oldLedger = async () => {
  const store = openMemoryStore();
  const checked = lineChecker();
  for (const line of readFileSync(new URL('rules-1.ndjson', import.meta.url), 'utf8').trim().split('\n')) {
    const event = checked(line);
    await store.append(event.stream, event.revision, [event]);
  }
  return openLedger({
    store,
    index: openMemoryIndex(),
    snapshots: null,
    following: null,
    zone: 'Asia/Shanghai',
    clock: 'driven',
    books: [],
    now: () => Date.UTC(2026, 0, 1),
  });
};

const replayed = async (ledger: Awaited<ReturnType<typeof oldLedger>>) => {
  const { store, calendar } = ledger;
  const replays = [];
  for await (const replay of replayStream({ store, calendar, catalogue: ledger.catalogue() }, STREAM))
    replays.push([replay.month, replay.differences]);
  return Object.fromEntries(replays);
};

test('every bill of it replays, and every event verifies', async () => {
  const ledger = await oldLedger();
  expect(await replayed(ledger)).toEqual({ '2019-01': [], '2019-02': [] });
  expect((await verifyStore(ledger.store, ledger.calendar, () => undefined)).findings).toEqual([]);
});

test('its facts fold to the account that they left: the grace it was told last', async () => {
  const { account } = await (await oldLedger()).entry('acme');
  expect(account).toMatchObject({ arrearsDueAt: instant('2019-03-06T04:00:00+08:00') });
  expect(account?.rules).toBeUndefined();
});

test('it goes on by today’s rules from its next close on, and replays across the change', async () => {
  const ledger = await oldLedger();
  const close = { name: 'close-month', body: { month: '2019-03' } } as const;
  const answer = await ledger.execute('acme', close, instant('2019-04-01T04:00:00+08:00'), null);
  expect(answer.outcome).toBe('done');
  expect((await ledger.entry('acme')).account).toMatchObject({ rules: CURRENT_RULES, raised: 1 });
  expect(await replayed(ledger)).toEqual({ '2019-01': [], '2019-02': [], '2019-03': [] });
  const next = { name: 'close-month', body: { month: '2019-04' } } as const;
  await ledger.execute('acme', next, instant('2019-05-01T04:00:00+08:00'), null);
  expect(await replayed(ledger)).toMatchObject({ '2019-03': [], '2019-04': [] });
});
