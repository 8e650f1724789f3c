/**
 * Nothing irreversible by the wrong clock: a ledger uses one kind of clock for good, a long downtime is caught up only
 * when asked for, and a clock a little behind the last fact is no caller's fault.
 */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { calendarOf, instantText } from '../../src/domain/calendar.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { openLedgerAt } from '../../src/ledger/open.ts';
import { chooseClock, chosenClock } from '../../src/ledger/system/clock-choice.ts';
import { appendSystem } from '../../src/ledger/system/streams.ts';
import { served, usage } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { givenLedger } from '../support/given.ts';
import { ACTIVATE, DEPOSIT, ledgerOf, OPEN, PACK } from '../support/lived-ledger.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const REAL = { SUANPAN_CLOCK: '' };

const typesOf = async (api: Awaited<ReturnType<typeof served>>): Promise<string[]> => {
  const { body } = await api.ok('GET', '/accounts/acme/events?limit=1000');
  return body.items.map(({ type }: { type: string }) => type);
};

const ready = async (api: Awaited<ReturnType<typeof served>>) => {
  const answered = await fetch(`${api.base}/readyz`);
  return { status: answered.status, why: ((await answered.json()) as { why?: string }).why ?? null };
};

describe('a ledger uses one kind of clock', () => {
  test.each([
    ['system', 'test', {}, { SUANPAN_CLOCK: '2030-01-01T00:00:00Z' }],
    ['test', 'system', { SUANPAN_CLOCK: '2019-01-01T00:00:00Z' }, {}],
  ])('one that was served by a %s clock is not started by a %s clock', async (_, __, first, other) => {
    const store = `sqlite:${join(temporaryFolder(), 'ledger.db')}`;
    const settings = { ...REAL, SUANPAN_STORE: store };
    await (await served({ ...settings, ...first })).stop();
    await expect(served({ ...settings, ...other })).rejects.toThrow(/^this ledger uses .*--clock/);
    await (await served({ ...settings, ...first })).stop();
  });

  test('a ledger of before that has a test clock, and one that lived by the real clock, are known by their facts', async () => {
    const onTestClock = openMemoryStore();
    await givenLedger([], { store: onTestClock });
    await appendSystem(onTestClock, 'clock', 'ClockSet', 0, instantText(0), async () => [
      { now: '2019-03-01T00:00:00.000Z' },
    ]);
    await expect(chooseClock(onTestClock, 'system', 0)).rejects.toThrow('2019-03-01T00:00:00.000Z');
    const lived = openMemoryStore();
    await givenLedger([], { store: lived, opened: '2026-01-01T08:00:00+08:00' });
    await expect(chooseClock(lived, 'test', 0)).rejects.toThrow('uses the system clock');
    expect(await chosenClock(lived)).toBeNull();
  });

  test.each(['system', 'test'] as const)(
    'imported history may live on by a %s clock, for good',
    async (clock) => {
      const store = openMemoryStore();
      await givenLedger([], { store });
      await chooseClock(store, clock, 0);
      await chooseClock(store, clock, 0);
      expect(await chosenClock(store)).toBe(clock);
      expect((await store.head('ledger')).length).toBe(2);
    },
  );
});

describe('a long downtime is not caught up unasked', () => {
  test('three closes wait, and commands and usage of that account with them; reads and other accounts go on', async () => {
    const opened = Date.now() - 130 * DAY;
    const store = await ledgerOf([opened, ...OPEN], [opened, ...ACTIVATE]);
    const api = await served({ ...REAL, SUANPAN_STORE: store });
    expect(await api.running.waits()).toMatch(/^1 accounts have not lived on since .*--catch-up/);
    const refused = await api.send('POST', '/accounts/acme/deposits', { amount: '1.00', reference: 'x' });
    expect([refused.status, refused.body.code, refused.body.since]).toEqual([
      503,
      'catch_up_needed',
      instantText(opened),
    ]);
    expect(refused.body.closes).toBeGreaterThan(2);
    const report = usage('u1', { time: instantText(Date.now()) });
    expect((await api.send('POST', '/usage', report)).body.code).toBe('catch_up_needed');
    expect(await ready(api)).toEqual({ status: 503, why: expect.stringContaining('--catch-up') });
    expect(await typesOf(api)).toEqual(['AccountOpened', 'ServiceActivated']);
    expect((await api.ok('POST', '/accounts', { account: 'other', name: 'Other' })).status).toBe(201);
    await api.stop();

    const asked = await served({ ...REAL, SUANPAN_STORE: store, SUANPAN_CATCH_UP: 'true' });
    expect(await asked.running.waits()).toBeNull();
    expect((await typesOf(asked)).filter((type) => type === 'MonthClosed').length).toBeGreaterThan(2);
    expect((await ready(asked)).status).toBe(200);
    await asked.stop();
  });

  test('an answer at the terminal is as good as the flag', async () => {
    const opened = Date.now() - 130 * DAY;
    const api = await served({ ...REAL, SUANPAN_STORE: await ledgerOf([opened, ...OPEN]) });
    expect(await api.running.waits()).not.toBeNull();
    api.running.catchUp();
    expect(await api.running.waits()).toBeNull();
    expect(await typesOf(api)).toContain('MonthClosed');
    await api.stop();
  });

  test('a pack that expired longer ago than may be caught up is not forfeited unasked', async () => {
    // A calendar year is at most 366 days.
    const bought = Date.now() - (41 + 366) * DAY;
    const store = await ledgerOf(
      [bought, ...OPEN],
      [bought, ...ACTIVATE],
      [bought, ...DEPOSIT],
      [bought, ...PACK],
    );
    const api = await served({ ...REAL, SUANPAN_STORE: store, SUANPAN_CLOSE_AT: 'manual' });
    expect(await api.running.waits()).toContain('0 months would be closed');
    expect(await typesOf(api)).not.toContain('PackExpired');
    await api.stop();
  });

  test('a month that waits for a price is not behind, however long it waits', async () => {
    const opened = Date.now() - 130 * DAY;
    const store = await ledgerOf([opened, ...OPEN], [opened, 'activate-service', { product: 'ocr' }]);
    const ledger = await openLedgerAt({ store, clock: 'driven' });
    const record = {
      ...{ source: '/g', id: 'u', interface: 'ocr/business-card', time: opened, submitted: null },
      calls: 100_000_001,
    };
    expect(await ledger.meter('acme', [record], opened)).toEqual([{ outcome: 'accepted' }]);
    await ledger.viewsCaughtUp();
    await ledger.close();
    const api = await served({ ...REAL, SUANPAN_STORE: store });
    expect(await api.running.waits()).toBeNull();
    await api.ok(
      'POST',
      '/accounts/acme/deposits',
      { amount: '1.00', reference: 'x' },
      { 'idempotency-key': 'k' },
    );
    expect(await typesOf(api)).not.toContain('MonthClosed');
    await api.stop();
  });
});

describe("a server's clock behind the last fact", () => {
  test('by less than five minutes: commands happen at the last fact, in every order', async () => {
    const last = Date.now() + 4 * MINUTE;
    const api = await served({
      ...REAL,
      SUANPAN_STORE: await ledgerOf([last, ...OPEN], [last, ...ACTIVATE]),
    });
    await api.ok('POST', '/accounts/acme/deposits', { amount: '1.00', reference: 'x' });
    const { body } = await api.ok('GET', '/accounts/acme/events');
    expect(body.items.map(({ at }: { at: string }) => Date.parse(at))).toEqual([last, last, last]);
    expect((await ready(api)).status).toBe(200);
    await api.stop();
  });

  test('by more: 503 clock_behind, told with both instants, and the server is not ready', async () => {
    const last = Date.now() + 60 * MINUTE;
    const api = await served({ ...REAL, SUANPAN_STORE: await ledgerOf([last, ...OPEN]) });
    await api.running.waits();
    expect(await ready(api)).toEqual({
      status: 503,
      why: expect.stringContaining(calendarOf('Asia/Shanghai').textOf(last)),
    });
    for (const query of ['', '?dryRun=true']) {
      const { status, body, headers } = await api.send('POST', `/accounts/acme/deposits${query}`, {
        ...{ amount: '1.00', reference: 'x' },
      });
      expect([status, body.code, body.last]).toEqual([503, 'clock_behind', instantText(last)]);
      expect(headers.get('retry-after')).toBe('5');
    }
    expect(await typesOf(api)).toEqual(['AccountOpened']);
    await api.stop();
  });
});
