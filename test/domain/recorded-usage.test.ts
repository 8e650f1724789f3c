/** What recorded calls and corrections leave behind in an account's months (rules.md, section 10). */
import { describe, expect, test } from 'vitest';
import { type AccountEvent, event, type Tally } from '../../src/domain/events.ts';
import { fold } from '../../src/domain/evolve.ts';
import { feb, jan } from '../support/days.ts';
import { ACME, bought, closed, deposited, metered, opened, paid, unchargedCalls } from './facts.ts';

const accountOf = (...events: readonly AccountEvent[]) => {
  const account = fold(null, [opened(), ...events]);
  if (!account) throw new Error('the account is open');
  return account;
};
const corrected = (to: number, tally: Partial<Tally> | null, reason = 'sent twice') =>
  event('UsageCorrected', feb(5), {
    ...{ source: '/g', id: 'u1', interface: 'vision/tag', time: '2019-01-10T04:00:00.000Z' },
    ...{ day: '2019-01-10', from: 5, to, reason, tallies: tally ? [paid(tally)] : [] },
  });

describe('why a closed month is looked at again', () => {
  const reasonsOf = (rules: number, ...events: readonly AccountEvent[]) =>
    accountOf(closed('2019-01', feb(1), { rules }), ...events).months['2019-01']?.closed?.changes;
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => corrected(6, { postPaid: 1 }, `reason ${i}`));
  const said = (count: number) => Array.from({ length: count }, (_, i) => `correction: reason ${i}`);

  test('is said by meter, each reason once', () => {
    const late = metered(feb(3), { postPaid: 1 }, { meter: 'vision/texts', pool: 'vision/texts', free: 1 });
    expect(reasonsOf(2, late, late, corrected(6, { postPaid: 1 }))).toEqual({
      'vision/calls': ['late usage', 'correction: sent twice'],
      'vision/texts': ['late usage'],
    });
  });

  test('twenty reasons are said, and of more that there are', () => {
    expect(reasonsOf(2, ...many(20))).toEqual({ 'vision/calls': said(20) });
    expect(reasonsOf(2, ...many(21))).toEqual({ 'vision/calls': [...said(20), 'and more'] });
    expect(reasonsOf(2, ...many(25))).toEqual({ 'vision/calls': [...said(20), 'and more'] });
  });

  test('under rules 1 all of them were', () => {
    expect(reasonsOf(1, ...many(25))).toEqual({ 'vision/calls': said(25) });
  });

  test('a month that is open has none', () => {
    const account = accountOf(closed('2019-01', feb(1)), metered(feb(3), { month: '2019-02', postPaid: 1 }));
    expect(account.months['2019-02']?.closed).toBeNull();
    expect(account.months['2019-01']?.closed?.changes).toEqual({});
  });
});

describe('calls that nobody is charged for', () => {
  const counted = (...events: readonly AccountEvent[]) => accountOf(...events).months['2019-01']?.uncharged;

  test('are counted by month, and counted again when one is corrected', () => {
    const five = unchargedCalls(jan(10), '2019-01', 5);
    expect(counted(five, five)).toBe(10);
    expect(counted(five, corrected(9, null))).toBe(9);
    expect(counted(five, corrected(0, null))).toBe(0);
    expect(accountOf(five, unchargedCalls(feb(2), '2019-02', 3)).months['2019-02']?.uncharged).toBe(3);
  });

  test('are never fewer than none', () => {
    expect(counted(unchargedCalls(jan(10), '2019-01', 2), corrected(0, null))).toBe(0);
  });

  test('recorded before they were counted stay uncounted', () => {
    expect(accountOf(metered(jan(10), { free: 1 }), corrected(9, null)).months['2019-01']).not.toHaveProperty(
      'uncharged',
    );
    expect(accountOf(corrected(9, null)).months).toEqual({});
  });

  test('leave the month’s other calls alone', () => {
    const both = accountOf(metered(jan(10), { free: 1 }), unchargedCalls(jan(10), '2019-01', 5));
    expect(both.months['2019-01']).toMatchObject({ groups: { 'vision/tags': { free: 1 } }, uncharged: 5 });
  });
});

describe('packs', () => {
  const two = bought(jan(2), { packs: ['a', 'b'] });
  const left = (...events: readonly AccountEvent[]) =>
    accountOf(deposited('100'), two, ...events).packs.map((pack) => [pack.pack, pack.left, pack.void]);
  const took = metered(jan(10), {
    runs: [
      ['a', 60],
      ['b', 10],
      ['a', 5],
    ],
  });

  test('have left what their runs did not take', () => {
    expect(left()).toEqual([
      ['a', 100, false],
      ['b', 100, false],
    ]);
    expect(left(took)).toEqual([
      ['a', 35, false],
      ['b', 90, false],
    ]);
  });

  test('get back what a correction gives back, unless they are void', () => {
    const back = corrected(0, { runs: [['a', -5]] });
    expect(left(took, back)[0]).toEqual(['a', 40, false]);
    const voided = event('PackVoided', jan(11), { pack: 'a', voided: 35, reference: 'c' });
    expect(left(took, voided, back)).toEqual([
      ['a', 0, true],
      ['b', 90, false],
    ]);
  });

  test('that get back a part of their last run have paid the rest of it', () => {
    const account = accountOf(deposited('100'), two, took, corrected(0, { runs: [['a', -2]] }));
    expect(account.months['2019-01']?.groups['vision/tags']?.runs).toEqual([
      ['a', 60],
      ['b', 10],
      ['a', 3],
    ]);
  });

  test('that get back their last run have it paid no more', () => {
    const account = accountOf(deposited('100'), two, took, corrected(0, { runs: [['a', -5]] }));
    expect(account.months['2019-01']?.groups['vision/tags']?.runs).toEqual([
      ['a', 60],
      ['b', 10],
    ]);
  });

  test('their runs stand in the order of recording, neighbours of one pack as one', () => {
    const more = metered(jan(11), { runs: [['a', 7]] });
    expect(
      accountOf(deposited('100'), two, took, more).months['2019-01']?.groups['vision/tags']?.runs,
    ).toEqual([
      ['a', 60],
      ['b', 10],
      ['a', 12],
    ]);
  });
});

describe('an account', () => {
  test('begins with its opening', () => {
    expect(() => fold(null, [deposited('1')])).toThrow('FundsDeposited of an account that was never opened');
  });

  test('has a clock that never goes back', () => {
    const account = accountOf(metered(jan(10), { free: 1 }), metered(jan(9), { free: 1 }));
    expect([account.account, account.clock, account.commandAt]).toEqual([ACME, jan(10), jan(1)]);
  });
});
