/** What falls due next, and in which order what falls due at one instant happens (rules.md, sections 5, 9 and 11). */
import { describe, expect, test } from 'vitest';
import type { Account } from '../../src/domain/account.ts';
import { type AccountEvent, event } from '../../src/domain/events.ts';
import { fold } from '../../src/domain/evolve.ts';
import { nextDue, passTime } from '../../src/domain/pass-time.ts';
import { feb, jan, justBefore, mar, year } from '../support/days.ts';
import { catalogueOf, speech, vision } from './books.ts';
import { BOTH_BOOKS, CALENDAR, given } from './decider.ts';
import { ACME, activated, bought, metered, notice, opened, settled, suspended, told } from './facts.ts';

const SHORT = 'speech/short';
const NOON = mar(1, '12:00');
const text = (at: number) => new Date(at).toISOString();
const untold = { ...vision, notices: null };
const account = [opened(), activated(), activated('speech')];
const talks = bought(jan(2), {
  product: 'speech',
  pool: SHORT,
  price: '5.00',
  packs: ['talk'],
  expiresAt: text(year(2020).jan(2)),
});
const talked = metered(jan(3), { product: 'speech', meter: SHORT, pool: SHORT, runs: [['talk', 90]] });
const waits = (dueAt: number) =>
  event('NoticesRaised', jan(3), { notices: [], scheduled: [{ pool: SHORT, dueAt: text(dueAt) }] });
const fell = (suspendsAt: number) => event('ArrearsFell', feb(1), { suspendsAt: text(suspendsAt) });
const arrears = [settled('5.00', feb(1)), fell(NOON)];
const tags = (pack: string, expiresAt: number) =>
  bought(jan(2), { packs: [pack], expiresAt: text(expiresAt) });
const pass = { name: 'pass-time' } as const;

const accountOf = (...events: readonly AccountEvent[]): Account => {
  const folded = fold(null, [...account, ...events]);
  if (!folded) throw new Error('the account is open');
  return folded;
};
const dueNext = (of: Account, catalogue = BOTH_BOOKS) => nextDue(of, { calendar: CALENDAR, catalogue });

test('of one instant: what expires, what is about to, what is told on the hour, whose grace has passed', () => {
  const soon = mar(8, '12:00');
  const lately = metered(feb(28), { month: '2019-02', free: 1 });
  given(...account, talks, talked, waits(NOON), ...arrears, tags('a', NOON), tags('b', soon), lately)
    .when(pass, NOON)
    .thenLike(
      { type: 'PackExpired', data: { pack: 'a' } },
      {
        type: 'NoticesRaised',
        data: { notices: [{ kind: 'pack_expiring', about: { pack: 'b', days: 7 } }] },
      },
      { type: 'NoticesRaised', data: { notices: [{ kind: 'pack_low', about: { pool: SHORT } }] } },
      suspended('arrears', NOON, 'the grace has passed'),
      { type: 'NoticesRaised', data: { notices: [{ kind: 'suspended' }] } },
    );
});

test('what falls due later waits for its own turn', () => {
  given(...account, talks, talked, waits(justBefore(NOON)), ...arrears)
    .when(pass, mar(5))
    .thenLike({ type: 'NoticesRaised', data: { notices: [{ kind: 'pack_low' }] } });
});

test('what was due until the account’s clock has happened', () => {
  given(...account, ...arrears, metered(NOON, { month: '2019-03', free: 1 }))
    .when(pass, mar(5))
    .thenNothing();
});

describe('each pack is warned of by its own expiry', () => {
  test('and by its own product’s channels', () => {
    const twelfth = year(2020).jan(12);
    const events = given(...account, talks, tags('a', twelfth), tags('b', twelfth + 1))
      .whenTimePasses(year(2020).feb(1))
      .facts()
      .flatMap(({ type, at, data }) =>
        type === 'NoticesRaised'
          ? data.notices.map(({ channels, about }) => [at, about['pack'], channels.length])
          : [],
      );
    const ahead = (at: number, days: number) => at - days * 86_400_000;
    expect(events).toEqual([
      [ahead(year(2020).jan(2), 30), 'talk', 2],
      [ahead(twelfth, 30), 'a', 3],
      [ahead(twelfth, 30) + 1, 'b', 3],
      [ahead(year(2020).jan(2), 7), 'talk', 2],
      [ahead(twelfth, 7), 'a', 3],
      [ahead(twelfth, 7) + 1, 'b', 3],
    ]);
  });
});

describe('the next instant at which something is due', () => {
  const cases: readonly (readonly [string, readonly AccountEvent[], number])[] = [
    ['never, where nothing is', [], Number.POSITIVE_INFINITY],
    ['the first expiry', [tags('a', mar(9)), tags('b', mar(8)), tags('c', mar(10))], mar(8)],
    ['a grace that passes', [tags('a', mar(9)), ...arrears], NOON],
    ['an hour at which something is told', [talks, waits(NOON), tags('a', mar(9))], NOON],
    ['the earlier of the two', [talks, waits(NOON + 1), ...arrears], NOON],
    [
      'no expiry of a pack that is used up',
      [tags('a', mar(9)), metered(feb(2), { runs: [['a', 100]] })],
      Number.POSITIVE_INFINITY,
    ],
    [
      'nor of one that is void',
      [tags('a', mar(9)), event('PackVoided', feb(2), { pack: 'a', voided: 100, reference: 'c' })],
      Number.POSITIVE_INFINITY,
    ],
    ['nor what is at the clock', [...arrears, metered(NOON, { free: 1 })], Number.POSITIVE_INFINITY],
    [
      'nor what is behind the clock',
      [tags('a', mar(9)), ...arrears, metered(mar(9), { free: 1 })],
      Number.POSITIVE_INFINITY,
    ],
  ];

  test.each(cases)('%s', (_, events, due) => {
    const catalogue = catalogueOf(untold, { ...speech, notices: null });
    expect(dueNext(accountOf(...events), catalogue)).toBe(due);
  });

  test('is a warning before an expiry, the first of those still to come', () => {
    const warned = (days: number) => mar(31) - days * 86_400_000;
    const at = (clock: number) => dueNext(accountOf(tags('a', mar(31)), metered(clock, { free: 1 })));
    expect(at(warned(30) - 1)).toBe(warned(30));
    expect(at(warned(30))).toBe(warned(7));
    expect(at(warned(7))).toBe(mar(31));
  });

  test('is the one at which time passes, looked for before and after, and under either catalogue', () => {
    const of = accountOf(tags('a', mar(31)), talks, ...arrears);
    const warned = mar(31) - 30 * 86_400_000;
    const cases = [
      [BOTH_BOOKS, warned],
      [catalogueOf(untold, speech), NOON],
      [BOTH_BOOKS, warned],
    ] as const;
    for (const [catalogue, before] of cases) {
      expect(dueNext(of, catalogue)).toBe(before);
      const first = passTime(of, before, { calendar: CALENDAR, catalogue })[0];
      expect([first?.at, dueNext(of, catalogue)]).toEqual([before, before]);
      expect(passTime(of, before - 1, { calendar: CALENDAR, catalogue })).toEqual([]);
    }
  });
});

describe('a grace that passes suspends nobody', () => {
  test('who is suspended for arrears already', () => {
    given(...account, settled('5.00', feb(1)), suspended('arrears', feb(1)), fell(NOON))
      .whenTimePasses(mar(5))
      .thenNothing();
  });

  test('whom a negative due paid, under rules 1, which kept the date', () => {
    const old = event('AccountOpened', jan(1), { account: ACME });
    given(old, ...account.slice(1), ...arrears, settled('-5.00', feb(2)))
      .whenTimePasses(mar(5))
      .thenNothing();
    given(old, ...account.slice(1), ...arrears, settled('-4.99', feb(2)))
      .whenTimePasses(mar(5))
      .thenLike({ type: 'AccountSuspended' }, { type: 'NoticesRaised' });
  });
});

test('on the hour nobody is told where the book has no notices any more, and nothing waits', () => {
  given(...account, talks, talked, waits(NOON))
    .under(vision, { ...speech, notices: null })
    .when(pass, NOON)
    .then(event('NoticesRaised', NOON, { notices: [], scheduled: [] }));
  given(...account, talks, talked, waits(NOON))
    .when(pass, NOON)
    .then(told(NOON, 0, notice('pack_low', { pool: SHORT, left: 10 }, ['in_app', 'wechat'])));
});
