/** What an account is after its events: suspensions, grace, commands, notices raised (rules.md, sections 8, 9 and 11). */
import { describe, expect, test } from 'vitest';
import { groupKey } from '../../src/domain/account.ts';
import { usedFree } from '../../src/domain/allowance.ts';
import { accountOfDispute, disputeId } from '../../src/domain/disputes.ts';
import { type AccountEvent, event } from '../../src/domain/events.ts';
import { fold } from '../../src/domain/evolve.ts';
import { feb, jan, justBefore } from '../support/days.ts';
import { ladder } from './books.ts';
import { given } from './decider.ts';
import {
  ACME,
  activated,
  bought,
  closed,
  lifted,
  notice,
  opened,
  settled,
  suspended,
  told,
} from './facts.ts';
import { report } from './reporting.ts';

const accountOf = (...events: readonly AccountEvent[]) => {
  const account = fold(null, events);
  if (!account) throw new Error('the account is open');
  return account;
};
const TAGS = 'vision/tags';
const FACES = 'vision/faces';

describe('suspensions', () => {
  test('that were lifted keep their end when another of the same reason is', () => {
    const twice = [
      ...[opened(), activated(), suspended('arrears', jan(3)), lifted('arrears', jan(4))],
      ...[suspended('arrears', jan(6)), lifted('arrears', jan(7))],
    ];
    const at = (time: number) => given(...twice).whenReported([report('u1', { time })], jan(20));
    at(jan(3)).thenEach('refused');
    at(jan(5)).thenEach('accepted');
    at(jan(6)).thenEach('refused');
    at(jan(7)).thenEach('accepted');
  });
});

describe('a grace', () => {
  const graced = (...more: readonly AccountEvent[]) => [
    ...[opened(), activated(), settled('5.00', feb(1))],
    event('ArrearsFell', feb(1), { suspendsAt: new Date(feb(4)).toISOString() }),
    ...more,
  ];

  test('runs on while an operator prohibits the account', () => {
    expect(accountOf(...graced(suspended('prohibited', feb(2)))).arrearsDueAt).toBe(feb(4));
    expect(accountOf(...graced(suspended('arrears', feb(2)))).arrearsDueAt).toBeNull();
  });

  test('that a settlement pays runs on under rules 1: a replay of that time tells its end again', () => {
    const old = event('AccountOpened', jan(1), { account: ACME });
    const paid = settled('-5.00', feb(2));
    expect(accountOf(old, ...graced(paid).slice(1)).arrearsDueAt).toBe(feb(4));
  });

  test('is ended by a negative due, and does not resume', () => {
    const due = (amount: string) => settled(amount, feb(2));
    expect(accountOf(...graced(due('-4.99'))).arrearsDueAt).toBe(feb(4));
    expect(accountOf(...graced(due('-5.00'))).arrearsDueAt).toBeNull();
    given(...graced(due('-5.00'), due('1.00')))
      .whenTimePasses(feb(10))
      .thenNothing();
  });
});

describe('what an operator or holder asked for is a command: none happens before it', () => {
  const LAST = jan(10);
  const evidence = {
    ...{ dispute: 'acme:1', explanation: '', checkpoint: null },
    replay: { match: true, issued: '', replayed: '', differences: 0 },
  };
  test.each<readonly [string, AccountEvent]>([
    ['a prohibition', suspended('prohibited', LAST)],
    ['its end', lifted('prohibited', LAST)],
    ['evidence', event('EvidenceAttached', LAST, evidence)],
  ])('%s', (_, last) => {
    given(opened(), last)
      .when({ name: 'activate-service', body: { product: 'vision' } }, justBefore(LAST))
      .thenRefused('out_of_order', { field: 'at', last: new Date(LAST).toISOString() });
  });

  test('and what happens by itself is none', () => {
    for (const one of [lifted('arrears', LAST), event('PackExpired', LAST, { pack: 'a', forfeited: 1 })])
      given(opened(), one)
        .when({ name: 'activate-service', body: { product: 'vision' } }, justBefore(LAST))
        .thenLike({ type: 'ServiceActivated' });
  });
});

test('a contract price has the closed months looked at again that it covers', () => {
  const agreed = (from: string, until: string | null) =>
    event('ContractPriceAgreed', feb(2), {
      ...{ product: 'vision', meter: 'vision/calls', from, until },
      ladder: ladder([], ['0.1']),
    });
  const changesOf = (from: string, until: string | null) =>
    accountOf(opened(), closed('2019-01', feb(1)), agreed(from, until)).months['2019-01']?.closed?.changes;
  const again = { 'vision/calls': ['contract price'] };
  expect(changesOf('2019-01', null)).toEqual(again);
  expect(changesOf('2018-12', '2019-02')).toEqual(again);
  expect(changesOf('2018-12', '2019-01')).toEqual({});
  expect(changesOf('2019-02', null)).toEqual({});
});

describe('what was told of a pool’s packs', () => {
  const low = (pool: string) => notice('pack_low', { pool, left: 1 });
  const exhausted = (pool: string) => notice('pack_exhausted', { pool, left: 0 });
  const scheduled = (pool: string, dueAt: number, at = jan(5)) =>
    event('NoticesRaised', at, { notices: [], scheduled: [{ pool, dueAt: new Date(dueAt).toISOString() }] });
  const toldOf = (...events: readonly AccountEvent[]) => accountOf(opened(), ...events).told;

  test('is kept by pool', () => {
    expect(toldOf(told(jan(5), 0, low(TAGS)), told(jan(6), 1, low(FACES), exhausted(FACES)))).toEqual({
      [TAGS]: { low: true, exhausted: false, dueAt: null },
      [FACES]: { low: true, exhausted: true, dueAt: null },
    });
    expect(toldOf(told(jan(5), 0, notice('resumed', { reason: 'arrears' })))).toEqual({});
  });

  test('as exhausted stays so when it is told of as low again', () => {
    const both = { low: true, exhausted: true, dueAt: null };
    expect(toldOf(told(jan(5), 0, exhausted(TAGS)), told(jan(6), 1, low(TAGS)))).toEqual({ [TAGS]: both });
  });

  test('waits for its hour, and not beyond it', () => {
    const waits = { low: false, exhausted: false, dueAt: jan(6) };
    expect(toldOf(scheduled(TAGS, jan(6)))).toEqual({ [TAGS]: waits });
    expect(toldOf(told(jan(4), 0, low(TAGS)), scheduled(TAGS, jan(6)))).toEqual({
      [TAGS]: { ...waits, low: true },
    });
    const nothing = (at: number) => event('NoticesRaised', at, { notices: [], scheduled: [] });
    expect(toldOf(scheduled(TAGS, jan(6)), nothing(justBefore(jan(6))))).toEqual({ [TAGS]: waits });
    expect(toldOf(scheduled(TAGS, jan(6)), nothing(jan(6)))).toEqual({ [TAGS]: { ...waits, dueAt: null } });
    const old = event('AccountOpened', jan(1), { account: ACME });
    expect(accountOf(old, scheduled(TAGS, jan(6)), nothing(jan(6))).told).toEqual({ [TAGS]: waits });
  });

  test('is forgotten when a pack of that pool is bought', () => {
    const both = told(jan(5), 0, low(TAGS), low(FACES));
    expect(Object.keys(toldOf(both, bought(jan(6))))).toEqual([FACES]);
  });

  test('and each notice has its number', () => {
    const numbered = accountOf(opened(), told(jan(5), 0, low(TAGS), low(FACES)), told(jan(6), 2, low(TAGS)));
    expect(numbered.raised).toBe(3);
    const old = event('AccountOpened', jan(1), { account: ACME });
    expect(accountOf(old, told(jan(5), 0, low(TAGS)))).not.toHaveProperty('raised');
  });

  test('prices that nobody agreed are kept by month and meter', () => {
    const unpriced = (meter: string) => notice('price_not_agreed', { month: '2019-01', meter, quantity: 1 });
    const events = [told(jan(5), 0, unpriced('a/b')), told(jan(6), 1, unpriced('a/c'), low(TAGS))];
    expect(accountOf(opened(), ...events).unpriced).toEqual(['2019-01 a/b', '2019-01 a/c']);
  });
});

test('a pool and a meter of the same name are counted apart', () => {
  expect(groupKey({ pool: 'speech/short', meter: 'speech/short' })).toBe('speech/short');
  expect(groupKey({ pool: null, meter: 'speech/short' })).toBe('meter:speech/short');
});

test('of an allowance was used what is free in its pool', () => {
  const group = { product: 'vision', meter: 'vision/calls', pool: TAGS, postPaid: 0, runs: [] };
  const used = [{}, { [TAGS]: { ...group, free: 7 } }].map((groups) =>
    usedFree({ groups, closed: null }, { pool: TAGS }),
  );
  expect([usedFree(undefined, { pool: TAGS }), ...used]).toEqual([0, 0, 7]);
});

test('what changed nothing leaves an account as it is', () => {
  const before = [opened(), activated(), settled('5.00', feb(1))];
  expect(accountOf(...before, event('NothingChanged', feb(2), {}))).toEqual({
    ...accountOf(...before),
    clock: feb(2),
  });
});

test('evidence leaves its dispute open', () => {
  const dispute = { dispute: 'acme:1', month: '2019-01', meter: null, reason: 'x' };
  const evidence = {
    ...{ dispute: 'acme:1', explanation: '', checkpoint: null },
    replay: { match: true, issued: '', replayed: '', differences: 0 },
  };
  const { disputes } = accountOf(
    ...[opened(), closed('2019-01', feb(1))],
    event('DisputeOpened', feb(2), { ...dispute, by: null }),
    event('EvidenceAttached', feb(3), evidence),
  );
  expect(disputes).toEqual([{ ...dispute, openedAt: feb(2), resolved: null }]);
});

describe('the id of a dispute', () => {
  test('names its account', () => {
    for (const account of ['acme', 'a', 'A.b_c-9', 'x'.repeat(64)])
      for (const number of [1, 9, 10, 999_999_999])
        expect(accountOfDispute(disputeId(account, number))).toBe(account);
  });

  test.each([
    '',
    'acme',
    'acme:',
    ':1',
    'acme:0',
    'acme:01',
    'acme:x',
    'acme:1x',
    'acme:1 ',
    ' acme:1',
    'a/b:1',
  ])('%j is none', (id) => {
    expect(accountOfDispute(id)).toBeNull();
  });

  test('is no longer than an account and nine digits', () => {
    expect(accountOfDispute(`${'x'.repeat(65)}:1`)).toBeNull();
    expect(accountOfDispute('acme:1000000000')).toBeNull();
  });
});
