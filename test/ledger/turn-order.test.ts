/** Turns at an account: a server that asked for one is waited for until it appended, and no longer. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { headerText } from '../../src/codec/event-codec.ts';
import type { EventStore } from '../../src/eventstore/event-store.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { HELD_MS, openTurns, type Turns } from '../../src/ledger/account/turns.ts';
import { appendTo } from '../contract/event-store.contract.ts';

const RECORDED_AT = '2019-01-01T00:00:00.000Z';
/** Long enough to hear who asked, and to see whether it came. */
const LOOK_MS = 250;

let store: EventStore;
let here: Turns;
let there: Turns;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  store = openMemoryStore();
  here = openTurns(store, 'here', () => RECORDED_AT);
  there = openTurns(store, 'there', () => RECORDED_AT);
});
afterEach(() => {
  here.close();
  there.close();
  vi.useRealTimers();
});

const appendedBy = async (server: string, account = 'acme'): Promise<void> => {
  const header = headerText('NothingChanged', 1, 0, RECORDED_AT, { server });
  await appendTo(store, `account-${account}`, { header, data: '{}' });
};

/** Asks for room here, and says whether it was given after some time. */
const asking = (turns: Turns, account = 'acme') => {
  let isGiven = false;
  const room = turns.room(account).then(() => {
    isGiven = true;
  });
  return async (ms: number): Promise<boolean> => {
    await vi.advanceTimersByTimeAsync(ms);
    if (isGiven) await room;
    return isGiven;
  };
};

/** The first look finds where the stream of those that ask ends: what was asked before is over. */
const begun = async (): Promise<void> => {
  await appendedBy('there');
  await vi.advanceTimersByTimeAsync(LOOK_MS);
};

test('others wait for the one that asked until it appended', async () => {
  await begun();
  await there.ask('acme');
  await vi.advanceTimersByTimeAsync(LOOK_MS);
  const given = asking(here);
  expect(await given(LOOK_MS)).toBe(false);
  await appendedBy('a third');
  expect(await given(LOOK_MS)).toBe(false);
  await appendedBy('there');
  expect(await given(LOOK_MS)).toBe(true);
});

test('one that appended before the others heard that it asked is not waited for', async () => {
  await begun();
  await there.ask('acme');
  await appendedBy('there');
  await appendedBy('a third');
  await vi.advanceTimersByTimeAsync(LOOK_MS);
  expect(await asking(here)(0)).toBe(true);
});

test('what it appended before it asked was not its turn', async () => {
  await begun();
  await appendedBy('there');
  await there.ask('acme');
  await vi.advanceTimersByTimeAsync(LOOK_MS);
  expect(await asking(here)(LOOK_MS)).toBe(false);
});

test('one that does not come is waited for no longer than the bound', async () => {
  await begun();
  await there.ask('acme');
  await vi.advanceTimersByTimeAsync(LOOK_MS);
  const given = asking(here);
  expect(await given(HELD_MS - LOOK_MS - 50)).toBe(false);
  expect(await given(LOOK_MS + 100)).toBe(true);
});

test('the one that asked does not wait, and other accounts wait for nobody', async () => {
  await begun();
  await there.ask('acme');
  await vi.advanceTimersByTimeAsync(LOOK_MS);
  expect(await asking(there)(0)).toBe(true);
  expect(await asking(here, 'beta')(0)).toBe(true);
});

test('of two that asked, the first goes first', async () => {
  await begun();
  await there.ask('acme');
  await here.ask('acme');
  await vi.advanceTimersByTimeAsync(LOOK_MS);
  const given = asking(here);
  expect(await given(LOOK_MS)).toBe(false);
  await appendedBy('there');
  expect(await given(LOOK_MS)).toBe(true);
});
