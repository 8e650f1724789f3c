/** A history that contradicts itself is an error: nothing is guessed, and nothing is refused as a caller's mistake. */
import { expect, test } from 'vitest';
import { jan } from '../support/days.ts';
import { speech } from './books.ts';
import { given } from './decider.ts';
import { activated, metered, opened } from './facts.ts';
import { report } from './reporting.ts';

const account = [opened(), activated()];
const PASS = { name: 'pass-time' } as const;
const correct = (calls: number) =>
  ({
    name: 'correct-usage',
    body: { source: '/gateway/1', record: 'u1', calls, reason: 'sent twice' },
    held: { reported: report('u1'), now: { calls: 5 } },
  }) as const;

test('a record is held of an interface that no edition knows', () => {
  expect(() =>
    given(...account, metered(jan(10), { free: 5 }))
      .under(speech)
      .when(correct(3), jan(20)),
  ).toThrow('a record of vision/tag is held that no edition knows');
});

test('calls are taken back of a month that has none', () => {
  for (const month of [[], [metered(jan(10), { pool: 'vision/faces', free: 5 })]])
    expect(() => given(...account, ...month).when(correct(3), jan(20))).toThrow(
      'no calls of vision/calls in 2019-01 to take back',
    );
});

test('calls are taken back from a pack that did not pay the last ones', () => {
  const took = (pack: string, calls: number) => metered(jan(10), { runs: [[pack, calls]] });
  const back = (calls: number) => () =>
    given(...account, took('pack-000001', 3), took('pack-000002', 2), took('pack-000002', -calls)).when(
      PASS,
      jan(20),
    );
  expect(back(2)).not.toThrow();
  expect(back(3)).toThrow('the last calls were not paid by pack-000002');
  for (const last of [[], [took('pack-000001', 3)]])
    expect(() => given(...account, ...last, took('pack-000002', -2)).when(PASS, jan(20))).toThrow(
      'the last calls were not paid by pack-000002',
    );
});

test('a command or an event that there is not', () => {
  const none = { name: 'refund', type: 'Refund' } as never;
  const unknown = 'not a known case: {"name":"refund","type":"Refund"}';
  expect(() => given(...account).when(none, jan(20))).toThrow(unknown);
  expect(() => given(...account, none).when(PASS, jan(20))).toThrow(unknown);
});
