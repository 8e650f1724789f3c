/** OpenDispute and AttachEvidence: a complaint about an issued bill, and what was found (rules.md, section 10). */
import { describe, test } from 'vitest';
import { event } from '../../src/domain/events.ts';
import { feb } from '../support/days.ts';
import { given } from './decider.ts';
import { billed, closed, metered, opened } from './facts.ts';

const lines = { 'vision/calls': { calls: 50, amount: '20.00' } };
const january = closed('2019-01', feb(1), { months: { '2019-01': { groups: {}, closed: billed(lines) } } });
const account = [opened(), january];

const matter = { month: '2019-01', meter: null, reason: 'we made half of it' } as const;
const open = (more: { month?: string; meter?: string; reason?: string; by?: string } = {}) =>
  ({ name: 'open-dispute', body: { by: 'mallory', ...matter, ...more } }) as const;
const disputed = (number: number, more: object = {}) =>
  event('DisputeOpened', feb(2), { dispute: `acme:${number}`, by: 'mallory', ...matter, ...more });
const upheld = (dispute: string) =>
  event('DisputeResolved', feb(2), {
    dispute,
    outcome: 'upheld',
    note: 'counted again',
    by: null,
    credit: null,
    corrections: [],
  });

describe('OpenDispute', () => {
  test('disputes a bill, and the next one has the next number', () => {
    given(...account)
      .when(open(), feb(2))
      .then(disputed(1));
    given(...account, disputed(1), upheld('acme:1'))
      .when(open(), feb(2))
      .then(disputed(2));
  });

  test('or one line of it', () => {
    given(...account)
      .when(open({ meter: 'vision/calls' }), feb(2))
      .then(disputed(1, { meter: 'vision/calls' }));
  });

  test('a line that the bill does not have is unknown', () => {
    for (const meter of ['vision/texts', 'constructor'])
      given(...account)
        .when(open({ meter }), feb(2))
        .thenRefused('meter_unknown', { meter, month: '2019-01' });
  });

  test('a month that is not closed has no bill', () => {
    given(...account)
      .when(open({ month: '2019-02' }), feb(2))
      .thenRefused('bill_unknown', { month: '2019-02' });
    given(...account, metered(feb(1), { month: '2019-02', free: 1 }))
      .when(open({ month: '2019-02' }), feb(2))
      .thenRefused('bill_unknown', { month: '2019-02' });
    given(opened()).when(open(), feb(2)).thenRefused('bill_unknown', { month: '2019-01' });
  });

  test('a month before the account was opened has none either', () => {
    given(...account)
      .when(open({ month: '2018-12' }), feb(2))
      .thenRefused('bill_unknown', { month: '2018-12' });
  });

  test('of another bill it is another, in the same words', () => {
    const february = closed('2019-02', feb(28), {
      months: {
        '2019-01': { groups: {}, closed: billed(lines) },
        '2019-02': { groups: {}, closed: billed(lines) },
      },
    });
    given(opened(), february, disputed(1))
      .when(open({ month: '2019-02' }), feb(28))
      .thenLike({ type: 'DisputeOpened', data: { dispute: 'acme:2', month: '2019-02' } });
  });

  test('the very same while it is open is no news, whoever asks', () => {
    given(...account, disputed(1))
      .when(open({ by: 'trudy' }), feb(3))
      .thenNothing();
  });

  test('another reason or another line is another dispute', () => {
    given(...account, disputed(1))
      .when(open({ reason: 'the price' }), feb(2))
      .then(disputed(2, { reason: 'the price' }));
    given(...account, disputed(1))
      .when(open({ meter: 'vision/calls' }), feb(2))
      .then(disputed(2, { meter: 'vision/calls' }));
  });
});

describe('AttachEvidence', () => {
  const evidence = {
    dispute: 'acme:1',
    replay: { match: true, issued: 'a', replayed: 'a', differences: 0 },
    explanation: 'b',
    checkpoint: null,
  } as const;
  const attach = { name: 'attach-evidence', body: evidence } as const;

  test('adds what was found to an open dispute', () => {
    given(...account, disputed(1))
      .when(attach, feb(3))
      .then(event('EvidenceAttached', feb(3), evidence));
  });

  test('to one that was never opened it cannot', () => {
    given(...account)
      .when(attach, feb(3))
      .thenRefused('dispute_unknown', { dispute: 'acme:1' });
    for (const dispute of ['acme:2', 'acme:01', 'acme:0', 'acme:-1', 'acme:0.5', 'other:1', 'acme', ''])
      given(...account, disputed(1))
        .when({ ...attach, body: { ...evidence, dispute } }, feb(3))
        .thenRefused('dispute_unknown', { dispute });
  });

  test('nor to one that is resolved, also when a close has forgotten it', () => {
    given(...account, disputed(1), upheld('acme:1'))
      .when(attach, feb(3))
      .thenRefused('dispute_resolved', { dispute: 'acme:1' });
    given(opened(), closed('2019-01', feb(1), { disputesOpened: 1, disputes: [] }))
      .when(attach, feb(3))
      .thenRefused('dispute_resolved', { dispute: 'acme:1' });
  });
});
