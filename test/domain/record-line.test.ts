/** A record is one line of its event, and reads back as it was reported and paid. */
import { describe, expect, test } from 'vitest';
import type { PackRun } from '../../src/domain/account.ts';
import { paymentOf, type RecordLine, recordOf } from '../../src/domain/record-line.ts';
import type { RecordPayment } from '../../src/domain/usage.ts';
import { jan } from '../support/days.ts';
import { given } from './decider.ts';
import { activated, bought, metered, opened } from './facts.ts';
import { report } from './reporting.ts';

const NOON = jan(10, '12:00');
const account = [
  ...[opened(), activated(), metered(jan(2), { free: 8 })],
  bought(jan(3), { packs: ['pack-000001', 'pack-000002'] }),
];
const records = [
  report('paid by all', { calls: 150 }),
  report('by one pack', { calls: 50, time: NOON - 1, source: '/gateway/2' }),
  report('post-paid', { calls: 7, time: NOON + 1 }),
  report('free', { calls: 3, interface: 'vision/face' }),
  report('"images"', { interface: 'vision/text', submitted: 5, calls: 4 }),
  report('charged to nobody', { interface: 'vision/list' }),
];
/** The event of those records, and its lines as they are read. */
const recorded = () => {
  const { metered: event } = given(...account).whenReported(records, NOON);
  if (!event?.lines) throw new Error('the records are accepted');
  return { data: event.data, lines: event.lines.map((line) => JSON.parse(line) as RecordLine) };
};

test('in few characters: nothing is written of who paid where nobody did', () => {
  const { metered: event } = given(...account).whenReported(records, NOON);
  expect(event?.lines).toEqual([
    '[0,"paid by all",0,1,150,2,0,100,1,48]',
    '[1,"by one pack",0,0,50,0,1,50]',
    '[0,"post-paid",0,2,7,0,1,2]',
    '[0,"free",1,1,3,3]',
    '[0,"\\"images\\"",2,1,[5,4],4]',
    '[0,"charged to nobody",3,1,5]',
  ]);
});

test('as it was reported', () => {
  const { data, lines } = recorded();
  expect(lines.map((line) => recordOf(data, NOON - 1, line))).toEqual(records);
  expect([data.base, data.records]).toEqual([new Date(NOON - 1).toISOString(), 6]);
});

test('names, sources and packs stand once beside the lines', () => {
  const { data } = recorded();
  expect([data.sources, data.packs]).toEqual([
    ['/gateway/1', '/gateway/2'],
    ['pack-000001', 'pack-000002'],
  ]);
  expect(data.interfaces).toEqual(['vision/tag', 'vision/face', 'vision/text', 'vision/list']);
});

const paidBy = (free: number, ...runs: readonly PackRun[]): RecordPayment => ({
  parts: [{ measure: null, weight: 1, free, runs }],
  waived: false,
});

test('as it was paid', () => {
  const { data, lines } = recorded();
  expect(lines.map((line) => paymentOf(data, line))).toEqual([
    paidBy(2, ['pack-000001', 100], ['pack-000002', 48]),
    paidBy(0, ['pack-000002', 50]),
    paidBy(0, ['pack-000002', 2]),
    paidBy(3),
    paidBy(4),
    paidBy(0),
  ]);
});

describe('a line that names what is not there is an error', () => {
  test.each<readonly [string, RecordLine]>([
    ['entry 2 of a dictionary of 2', [2, 'u1', 0, 0, 1]],
    ['entry 4 of a dictionary of 4', [0, 'u1', 4, 0, 1]],
  ])('%s', (said, line) => {
    expect(() => recordOf(recorded().data, 0, line)).toThrow(said);
  });

  test('a pack too', () => {
    const { data } = recorded();
    expect(() => paymentOf(data, [0, 'u1', 0, 0, 5, 0, 2, 5])).toThrow('entry 2 of a dictionary of 2');
  });
});
