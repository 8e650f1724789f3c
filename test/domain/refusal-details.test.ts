/** What the reporter of a refused record reads: the rule that it breaks, with the numbers and instants of the case. */
import { describe, expect, test } from 'vitest';
import type { AccountEvent } from '../../src/domain/events.ts';
import { NO_ACCOUNT, refusedRecord } from '../../src/domain/refused-record.ts';
import type { UsageRecord } from '../../src/domain/usage.ts';
import { jan } from '../support/days.ts';
import { given } from './decider.ts';
import { activated, lifted, metered, opened, suspended } from './facts.ts';
import { report } from './reporting.ts';

const NOON = jan(10, '12:00');
const account = [opened(), activated('vision', jan(2))];

const detailOf = (record: Partial<UsageRecord>, events: readonly AccountEvent[] = account): string => {
  const [outcome] = given(...events).whenReported([report('u1', record)], NOON).outcomes;
  if (outcome?.outcome !== 'refused') throw new Error('the record is accepted');
  return `${outcome.field}: ${outcome.detail}`;
};

test.each<readonly [string, Partial<UsageRecord>]>([
  [
    'data.interface: no price book in force at 2019-01-10T12:00:00.000+08:00 has this interface',
    { interface: 'vision/something-else-entirely' },
  ],
  [
    'data.interface: no price book in force at 2019-01-10T12:00:00.000+08:00 has this interface; did you mean vision/text?',
    { interface: 'vision/txet' },
  ],
  ['time: vision was activated at 2019-01-02T00:00:00.000+08:00, after this', { time: jan(1) }],
  ['time: speech is not activated', { interface: 'speech/short' }],
  ['data.calls: must be at most 1000000000000', { calls: 2e12 }],
  ['data.submitted: must be at most 1000000000000', { interface: 'vision/text', submitted: 2e12 }],
  [
    'time: lies more than 5 minutes after 2019-01-10T12:00:00.000+08:00, when it was reported',
    { time: NOON + 5 * 60_000 + 1 },
  ],
  ['data.calls: must be a positive integer', { calls: 0 }],
  ['data.calls: must be a positive integer', { calls: 2e12 + 0.5 }],
  [
    'data.recognised: must be an integer from 0 to submitted',
    { interface: 'vision/text', submitted: 2e12 + 0.5 },
  ],
  ['data.submitted: this interface counts calls: calls alone', { submitted: 5 }],
  [
    'data.calls: this interface counts recognised images: submitted and recognised',
    { interface: 'vision/text' },
  ],
  ['data.recognised: must be an integer from 0 to submitted', { interface: 'vision/text', submitted: 4 }],
])('%s', (detail, record) => {
  expect(detailOf(record)).toBe(detail);
});

test('a month’s calls that are too many are not one record’s', () => {
  const full = [...account, metered(NOON, { postPaid: Number.MAX_SAFE_INTEGER })];
  expect(detailOf({}, full)).toBe(`data.calls: the month's calls would exceed ${2 ** 53 - 1}`);
});

describe('of a suspension', () => {
  test('it is said since when and why, of the one in which the call lies', () => {
    const twice = [
      ...account,
      suspended('arrears', jan(3)),
      lifted('arrears', jan(4)),
      suspended('prohibited', jan(6)),
    ];
    const said = (since: string) => `time: the account was suspended then since ${since}`;
    expect(detailOf({ time: jan(3) }, twice)).toBe(said('2019-01-03T00:00:00.000+08:00 (arrears)'));
    expect(detailOf({ time: jan(4) - 1 }, twice)).toBe(said('2019-01-03T00:00:00.000+08:00 (arrears)'));
    expect(detailOf({ time: jan(6) }, twice)).toBe(said('2019-01-06T00:00:00.000+08:00 (prohibited)'));
    const follows = [...account, suspended('arrears', jan(3)), lifted('arrears', jan(6)), ...twice.slice(-1)];
    expect(detailOf({ time: jan(6) }, follows)).toBe(said('2019-01-06T00:00:00.000+08:00 (prohibited)'));
  });
});

test('an account that there is not is said to be none', () => {
  expect(NO_ACCOUNT).toEqual({
    outcome: 'refused',
    code: 'account_unknown',
    field: 'subject',
    detail: 'there is no such account',
  });
  const judged = { record: report('u1'), at: NOON } as Parameters<typeof refusedRecord>[1];
  expect(refusedRecord('account_unknown', judged)).toEqual(NO_ACCOUNT);
});

test('of a batch the first three unknown interfaces are compared with the known ones', () => {
  const records = ['txet', 'tex', 'texd', 'texxt', 'tex'].map((name, i) =>
    report(`u${i}`, { interface: `vision/${name}` }),
  );
  const { outcomes } = given(...account).whenReported(records, NOON);
  expect(
    outcomes.map((one) => one.outcome === 'refused' && one.detail.endsWith('did you mean vision/text?')),
  ).toEqual([true, true, true, false, true]);
});
