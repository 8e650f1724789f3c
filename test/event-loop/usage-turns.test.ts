/** A report of many records is worked on in turns, also where nothing in it is waited for. */
import { expect, test, vi } from 'vitest';
import { NO_ACCOUNT } from '../../src/domain/refused-record.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { openMemoryIndex } from '../../src/identity-index/memory.ts';
import { reportOfValue } from '../../src/input/usage-report.ts';
import { ingest, type UsageTaken } from '../../src/ledger/account/ingest.ts';
import { usage } from '../support/api.ts';
import { ACCOUNT, givenLedger, instant } from '../support/given.ts';

const HOUR = 3_600_000;
const START = Date.parse('2024-01-06T08:00:00Z');
const reportsOf = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    reportOfValue({ ...usage(`r${i}`), time: new Date(START + Math.floor(i / 10) * HOUR).toISOString() }),
  );

/** A ledger that refuses everything at once, and what happens on it, with what others do between. */
const refusing = () => {
  const happened: string[] = [];
  const days: number[] = [];
  const ledger = {
    calendar: {
      dayOf: (instant: number) => {
        days.push(instant);
        return '2024-01-06';
      },
    },
    report: async (_account: string, records: readonly unknown[]) => {
      happened.push(`decided after ${days.length} days`);
      setImmediate(() => happened.push('others'));
      return { outcomes: records.map(() => NO_ACCOUNT), position: null };
    },
    logRefused: async (refused: readonly unknown[]) => {
      happened.push(`logged ${refused.length}`);
      return new Map();
    },
  } as unknown as UsageTaken;
  return { ledger, happened, days };
};

test('many refused records are logged in another turn than they are decided in, few at once', async () => {
  const many = refusing();
  await ingest(many.ledger, reportsOf(100), START);
  expect(many.happened).toEqual(['decided after 10 days', 'others', 'logged 100']);
  const few = refusing();
  await ingest(few.ledger, reportsOf(3), START);
  expect(few.happened).toEqual(['decided after 0 days', 'logged 3']);
});

test('days are worked out before records are decided, once for those that follow one another', async () => {
  const { ledger, days } = refusing();
  await ingest(ledger, reportsOf(100), START);
  expect(days).toEqual(Array.from({ length: 10 }, (_, i) => START + i * HOUR));
});

test('a report of several parts leaves a turn before each', async () => {
  const { ledger, happened } = refusing();
  setImmediate(() => happened.push('others before'));
  await ingest(ledger, reportsOf(2_000), START);
  const [first, second, ...more] = happened;
  expect([first, second]).toEqual(['others before', 'decided after 100 days']);
  expect(more.filter((one) => one.startsWith('decided'))).toEqual(['decided after 200 days']);
});

test('a thousand records are looked up, decided and written in a turn each, few in one', async () => {
  const { ledger } = await givenLedger(['face-recognition']);
  const at = instant('2019-01-06T08:00:00+08:00');
  const record = (i: number) => ({
    ...{
      source: '/g',
      id: `r${i}`,
      interface: 'face-recognition/compare',
      time: at,
      calls: 1,
      submitted: null,
    },
  });
  const turnsOf = async (from: number, count: number) => {
    let [turns, isOver] = [0, false];
    const others = () => {
      turns += 1;
      if (!isOver) setImmediate(others);
    };
    setImmediate(others);
    const records = Array.from({ length: count }, (_, i) => record(from + i));
    const reported = await ledger.report(ACCOUNT, records, at);
    isOver = true;
    expect(reported?.outcomes.every(({ outcome }) => outcome === 'accepted')).toBe(true);
    return turns;
  };
  expect(await turnsOf(0, 10)).toBe(0);
  expect(await turnsOf(10, 1_000)).toBeGreaterThanOrEqual(2);
});

test('the log of refused usage is read back in turns, an event in each', async () => {
  const store = openMemoryStore();
  const refused = (from: number) =>
    Array.from({ length: 40 }, (_, i) => reportOfValue({ id: `${from + i}`, more: 'x'.repeat(10_000) }));
  const { ledger } = await givenLedger(['face-recognition'], { store });
  for (let from = 0; from < 200; from += 40) await ingest(ledger, refused(from), START);
  const events = (await store.head('refused')).length;
  expect(events).toBeGreaterThan(15);
  // Without what is known of it.
  const { ledger: again } = await givenLedger(['face-recognition'], { store, index: openMemoryIndex() });
  let [clock, turns, isOver] = [0, 0, false];
  const now = vi.spyOn(performance, 'now').mockImplementation(() => {
    clock += 10;
    return clock;
  });
  const others = () => {
    turns += 1;
    if (!isOver) setImmediate(others);
  };
  setImmediate(others);
  await ingest(again, [reportOfValue({ id: 'one more' })], START);
  isOver = true;
  now.mockRestore();
  // Each is read, and the marks of its reports are indexed.
  expect(turns).toBeGreaterThanOrEqual(2 * events);
});
