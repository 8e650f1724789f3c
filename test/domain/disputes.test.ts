/** Disputes (rules.md, section 10): given events, when a command, then events or a refusal. */
import { expect, test } from 'vitest';
import { replayStream } from '../../src/audit/replay/replay.ts';
import type { AccountEvent } from '../../src/domain/events.ts';
import { type Given, givenLedger } from '../support/given.ts';

const POOL = 'face-recognition/compare';

/** January is billed: 90,000 calls beyond the free ones. */
const billed = async (): Promise<Given> => {
  const given = await givenLedger(['face-recognition']);
  await given.has('2019-01-02T00:00:00+08:00', 'deposit', { amount: '1000', reference: 'wire 1' });
  await given.meters('2019-01-10T08:00:00+08:00', POOL, 100_000, { id: 'large' });
  await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  return given;
};
const opening = { month: '2019-01', meter: POOL, reason: 'our own log has 50,000', by: 'li' };
const types = (events: readonly AccountEvent[]) => events.map(({ type }) => type);
const allReplay = async ({ ledger }: Given) => {
  const of = { store: ledger.store, calendar: ledger.calendar, catalogue: ledger.catalogue() };
  const matches = [];
  for await (const { match } of replayStream(of, 'account-acme')) matches.push(match);
  return matches;
};

test('is opened for a bill that was issued, a line that it has, and once while it is open', async () => {
  const given = await billed();
  const at = '2019-02-03T08:00:00+08:00';
  expect(await given.refused(at, 'open-dispute', { ...opening, month: '2019-02' })).toBe('bill_unknown');
  expect(await given.refused(at, 'open-dispute', { ...opening, month: '2018-12' })).toBe('bill_unknown');
  expect(await given.refused(at, 'open-dispute', { ...opening, meter: 'ocr/general' })).toBe('meter_unknown');
  const [opened] = await given.has(at, 'open-dispute', opening);
  expect(opened?.data).toEqual({ dispute: 'acme:1', ...opening });
  expect(await given.has(at, 'open-dispute', opening)).toEqual([]);
  const [second] = await given.has(at, 'open-dispute', { month: '2019-01', reason: 'the price' });
  expect(second?.data).toMatchObject({ dispute: 'acme:2', meter: null, by: null });
});

test('upheld: the bill stands, the next one shows it, the one after that does not', async () => {
  const given = await billed();
  await given.has('2019-02-03T08:00:00+08:00', 'open-dispute', opening);
  const upheld = { dispute: 'acme:1', outcome: 'upheld', note: 'the gateway logs agree', by: 'wang' };
  expect(types(await given.has('2019-02-04T08:00:00+08:00', 'resolve-dispute', upheld))).toEqual([
    'DisputeResolved',
  ]);
  const february = await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
  expect(february.disputes).toEqual([
    {
      dispute: 'acme:1',
      month: '2019-01',
      meter: POOL,
      reason: opening.reason,
      openedAt: '2019-02-03T00:00:00.000Z',
      state: 'upheld',
      resolvedAt: '2019-02-04T00:00:00.000Z',
      note: 'the gateway logs agree',
      credit: null,
    },
  ]);
  expect((await given.closes('2019-03', '2019-04-01T04:00:00+08:00')).disputes).toBeUndefined();
  expect(await allReplay(given)).toEqual([true, true, true]);
});

test('one that stays open is shown on every bill until it is resolved', async () => {
  const given = await billed();
  await given.has('2019-02-03T08:00:00+08:00', 'open-dispute', opening);
  for (const [month, at] of [
    ['2019-02', '2019-03-01T04:00:00+08:00'],
    ['2019-03', '2019-04-01T04:00:00+08:00'],
  ] as const)
    expect((await given.closes(month, at)).disputes).toMatchObject([
      { dispute: 'acme:1', state: 'open', note: null },
    ]);
});

test('adjusted by a credit: paid back at once in the same append, the bill itself unchanged', async () => {
  const given = await billed();
  await given.has('2019-02-03T08:00:00+08:00', 'open-dispute', opening);
  const before = (await given.account()).total;
  const adjusted = {
    dispute: 'acme:1',
    outcome: 'adjusted',
    note: 'goodwill',
    credit: { amount: '12.5', reference: 'dispute 1' },
  };
  const events = await given.has('2019-02-04T08:00:00+08:00', 'resolve-dispute', adjusted);
  expect(types(events)).toEqual(['CreditGranted', 'DisputeResolved']);
  expect(Number((await given.account()).total) - Number(before)).toBe(12.5);
  const february = await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
  expect(february.credits).toEqual([{ amount: '12.50', reason: 'dispute acme:1: goodwill' }]);
  expect(february.disputes).toMatchObject([{ state: 'adjusted', credit: 'dispute 1' }]);
  expect(await allReplay(given)).toEqual([true, true]);
});

test('adjusted by corrections: the next bill has the correction line', async () => {
  const given = await billed();
  await given.has('2019-02-03T08:00:00+08:00', 'open-dispute', opening);
  const corrections = [{ source: '/gateway/1', id: 'large', calls: 50_000 }];
  const adjusted = { dispute: 'acme:1', outcome: 'adjusted', note: 'counted twice', corrections };
  const events = await given.has('2019-02-04T08:00:00+08:00', 'resolve-dispute', adjusted);
  expect(types(events)).toEqual(['UsageCorrected', 'DisputeResolved']);
  const february = await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
  expect(february.corrections).toMatchObject([{ month: '2019-01', meter: POOL, calls: -50_000 }]);
  expect(await allReplay(given)).toEqual([true, true]);
});

test('a credit that lifts a suspension raises its notices behind it, and all of it replays', async () => {
  const given = await givenLedger(['face-recognition']);
  await given.meters('2019-01-10T08:00:00+08:00', POOL, 100_000);
  await given.closes('2019-01', '2019-02-01T04:00:00+08:00');
  expect((await given.account()).suspensions.length).toBeGreaterThan(0);
  await given.has('2019-02-03T08:00:00+08:00', 'open-dispute', { month: '2019-01', reason: 'never used it' });
  const credit = { amount: '5000', reference: 'dispute 1' };
  const adjusted = { dispute: 'acme:1', outcome: 'adjusted', note: 'test calls', credit };
  const events = await given.has('2019-02-04T08:00:00+08:00', 'resolve-dispute', adjusted);
  expect(types(events)[0]).toBe('CreditGranted');
  expect(types(events)).toContain('SuspensionLifted');
  expect(types(events).at(-1)).toBe('DisputeResolved');
  await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
  expect(await allReplay(given)).toEqual([true, true]);
});

test('is resolved once, as one thing or the other, and all or nothing', async () => {
  const given = await billed();
  const at = '2019-02-04T08:00:00+08:00';
  const resolve = (body: object) =>
    given.refused(at, 'resolve-dispute', { dispute: 'acme:1', note: 'x', ...body });
  expect(await resolve({ outcome: 'upheld' })).toBe('dispute_unknown');
  await given.has('2019-02-03T08:00:00+08:00', 'open-dispute', opening);
  const credit = { amount: '1', reference: 'c' };
  expect(await resolve({ outcome: 'upheld', credit })).toBe('invalid_request');
  expect(await resolve({ outcome: 'adjusted' })).toBe('invalid_request');
  const unknown = [{ source: '/gateway/1', id: 'never seen', calls: 1 }];
  const before = await given.account();
  expect(await resolve({ outcome: 'adjusted', credit, corrections: unknown })).toBe('record_unknown');
  expect(await given.account()).toEqual(before);
  await given.has(at, 'credit', { amount: '2', reference: 'c', reason: 'another' });
  expect(await resolve({ outcome: 'adjusted', credit })).toBe('reference_used');
  expect(await resolve({ outcome: 'upheld' })).toBe('done');
  expect(await resolve({ outcome: 'upheld' })).toBe('dispute_resolved');
  await given.closes('2019-02', '2019-03-01T04:00:00+08:00');
  const later = { dispute: 'acme:1', outcome: 'upheld', note: 'x' };
  expect(await given.refused('2019-03-02T00:00:00+08:00', 'resolve-dispute', later)).toBe('dispute_resolved');
  const other = { ...later, dispute: 'acme:01' };
  expect(await given.refused('2019-03-02T00:00:00+08:00', 'resolve-dispute', other)).toBe('dispute_unknown');
});

test('an adjustment adjusts: something changes, and of the disputed month', async () => {
  const given = await billed();
  await given.meters('2019-02-02T08:00:00+08:00', POOL, 7, { id: 'february' });
  await given.has('2019-02-03T08:00:00+08:00', 'open-dispute', opening);
  const at = '2019-02-04T08:00:00+08:00';
  const resolve = (body: object) =>
    given.refused(at, 'resolve-dispute', { dispute: 'acme:1', outcome: 'adjusted', note: 'x', ...body });
  await given.has(at, 'credit', { amount: '2', reference: 'c', reason: 'another' });
  expect(await resolve({ credit: { amount: '2', reference: 'c' } })).toBe('invalid_request');
  const same = [{ source: '/gateway/1', id: 'large', calls: 100_000 }];
  expect(await resolve({ corrections: same })).toBe('invalid_request');
  const other = [{ source: '/gateway/1', id: 'february', calls: 1 }];
  expect(await resolve({ corrections: other })).toBe('invalid_request');
  expect((await given.account()).disputes).toMatchObject([{ resolved: null }]);
});
