/** ResolveDispute: upheld, or adjusted by a credit or by corrections in the same append (rules.md, section 10). */
import { describe, test } from 'vitest';
import type { AccountCommand } from '../../src/domain/decide.ts';
import { type EventData, event } from '../../src/domain/events.ts';
import { feb, jan, mar } from '../support/days.ts';
import { given } from './decider.ts';
import {
  billed,
  closed,
  lifted,
  notice,
  opened,
  paid,
  settled,
  suspended,
  told,
  unchargedCalls,
} from './facts.ts';

const groups = {
  'vision/tags': {
    product: 'vision',
    meter: 'vision/calls',
    pool: 'vision/tags',
    free: 10,
    postPaid: 40,
    runs: [],
  },
};
const services = { vision: jan(1) };
const january = closed('2019-01', feb(1), {
  services,
  months: { '2019-01': { groups, closed: billed() }, '2019-02': { groups, closed: null } },
});
const opening = { dispute: 'acme:1', month: '2019-01', meter: null, reason: 'half of it', by: 'mallory' };
const account = [opened(), january, event('DisputeOpened', feb(2), opening)];

type Resolution = EventData['DisputeResolved'];
const UPHELD: Resolution = {
  dispute: 'acme:1',
  outcome: 'upheld',
  note: 'counted again',
  by: 'operator-2',
  credit: null,
  corrections: [],
};
const byCredit: Resolution = { ...UPHELD, outcome: 'adjusted', credit: 'ticket-7' };
const byCorrection: Resolution = {
  ...UPHELD,
  outcome: 'adjusted',
  corrections: [{ source: '/gateway/1', id: 'u1' }],
};
const resolve = (resolution: Resolution, ...adjustments: readonly AccountCommand[]) =>
  ({
    name: 'resolve-dispute',
    body: { ...resolution, credit: resolution.credit === null ? null : { reference: resolution.credit } },
    adjustments,
  }) as const;
const resolved = (resolution: Resolution) => event('DisputeResolved', feb(3), resolution);

const credit = (earlier: string | null = null): AccountCommand => ({
  name: 'credit',
  body: { amount: '5', reference: 'ticket-7', reason: 'dispute acme:1' },
  earlier,
});
const correction = (
  calls: number,
  time = jan(10, '12:00'),
  held = 50,
  name = 'vision/tag',
): AccountCommand => ({
  name: 'correct-usage',
  body: { source: '/gateway/1', record: 'u1', calls, reason: 'dispute acme:1' },
  held: {
    reported: { source: '/gateway/1', id: 'u1', interface: name, time, calls: held, submitted: null },
    now: { calls: held },
  },
});
const granted = event('CreditGranted', feb(3), {
  amount: '5.00',
  reference: 'ticket-7',
  reason: 'dispute acme:1',
  pack: null,
});
const corrected = (to: number, postPaid: number) =>
  event('UsageCorrected', feb(3), {
    source: '/gateway/1',
    id: 'u1',
    interface: 'vision/tag',
    time: '2019-01-10T04:00:00.000Z',
    day: '2019-01-10',
    from: 50,
    to,
    reason: 'dispute acme:1',
    tallies: [paid({ postPaid })],
  });

test('upheld: the bill stands', () => {
  given(...account)
    .when(resolve(UPHELD), feb(3))
    .then(resolved(UPHELD));
});

test('adjusted by a credit, which is decided first', () => {
  given(...account)
    .when(resolve(byCredit, credit()), feb(3))
    .then(granted, resolved(byCredit));
});

test('adjusted by corrections, each decided after the one before', () => {
  const both = { ...byCorrection, credit: 'ticket-7' };
  given(...account)
    .when(resolve(byCorrection, correction(45)), feb(3))
    .then(corrected(45, -5), resolved(byCorrection));
  given(...account)
    .when(resolve(both, credit(), correction(45)), feb(3))
    .then(granted, corrected(45, -5), resolved(both));
});

test('what an adjustment lets go on is told behind it', () => {
  given(...account, settled('5.00', feb(2)), suspended('arrears', feb(2)))
    .when(resolve(byCredit, credit()), feb(3))
    .then(
      granted,
      lifted('arrears', feb(3)),
      told(feb(3), 0, notice('resumed', { reason: 'arrears' })),
      resolved(byCredit),
    );
});

describe('one thing or the other', () => {
  test('upheld has no credit and no corrections', () => {
    for (const more of [{ credit: 'ticket-7' }, { corrections: byCorrection.corrections }])
      given(...account)
        .when(resolve({ ...UPHELD, ...more }), feb(3))
        .thenRefused('invalid_request', { field: 'outcome' });
  });

  test('adjusted has at least one of them', () => {
    given(...account)
      .when(resolve({ ...UPHELD, outcome: 'adjusted' }), feb(3))
      .thenRefused('invalid_request', { field: 'outcome' });
  });
});

describe('all or nothing', () => {
  test('an adjustment that is refused refuses the resolution', () => {
    given(...account)
      .when(resolve(byCredit, credit('6.00')), feb(3))
      .thenRefused('reference_used', { reference: 'ticket-7', amount: '6.00' });
    const unknown = { ...correction(1), held: null } as AccountCommand;
    given(...account)
      .when(resolve({ ...byCorrection, credit: 'ticket-7' }, credit(), unknown), feb(3))
      .thenRefused('record_unknown', { source: '/gateway/1', id: 'u1' });
  });

  test('what adjusts must change something', () => {
    given(...account)
      .when(resolve(byCredit, credit('5.00')), feb(3))
      .thenRefused('invalid_request', { field: 'outcome' });
    given(...account)
      .when(resolve(byCorrection, correction(50)), feb(3))
      .thenRefused('invalid_request', { field: 'outcome' });
  });

  test('and records of the disputed month alone', () => {
    given(...account)
      .when(resolve(byCorrection, correction(45, feb(1))), feb(3))
      .thenRefused('invalid_request', { field: 'corrections' });
  });

  test('which is that of the dispute that is resolved, whatever others are open', () => {
    const months = {
      '2019-01': { groups, closed: billed() },
      '2019-02': { groups, closed: billed() },
    };
    const both = [
      opened(),
      closed('2019-02', mar(1), { services, months }),
      event('DisputeOpened', mar(2), opening),
      event('DisputeOpened', mar(2), { ...opening, dispute: 'acme:2', month: '2019-02' }),
    ];
    const second = { ...byCorrection, dispute: 'acme:2' };
    given(...both)
      .when(resolve(second, correction(45, feb(10))), mar(3))
      .thenLike({ type: 'UsageCorrected' }, { type: 'DisputeResolved', data: { dispute: 'acme:2' } });
    given(...both)
      .when(resolve(second, correction(45)), mar(3))
      .thenRefused('invalid_request', { field: 'corrections' });
  });

  test('calls that nobody is charged for are of no bill', () => {
    given(...account, unchargedCalls(jan(10), '2019-01', 50))
      .when(resolve(byCorrection, correction(45, jan(10), 50, 'vision/list')), feb(3))
      .thenLike({ type: 'UsageCorrected', data: { tallies: [] } }, resolved(byCorrection));
  });
});

test('a dispute that there is not is not resolved', () => {
  given(opened(), january)
    .when(resolve(UPHELD), feb(3))
    .thenRefused('dispute_unknown', { dispute: 'acme:1' });
  given(...account)
    .when(resolve({ ...UPHELD, dispute: 'acme:2' }), feb(3))
    .thenRefused('dispute_unknown', { dispute: 'acme:2' });
});

test('nor is one that is resolved already, as the same or as another thing', () => {
  for (const again of [resolve(UPHELD), resolve(byCredit, credit())])
    given(...account, resolved(UPHELD))
      .when(again, feb(3))
      .thenRefused('dispute_resolved', { dispute: 'acme:1' });
});
