/** PassTime: what happens by itself, at its moment and in order (rules.md, sections 5, 7, 9 and 11). */
import { describe, test } from 'vitest';
import { event } from '../../src/domain/events.ts';
import { feb, jan, justBefore, mar, year } from '../support/days.ts';
import { speech, vision } from './books.ts';
import { given } from './decider.ts';
import {
  activated,
  bought,
  deposited,
  lifted,
  metered,
  notice,
  opened,
  paid,
  settled,
  suspended,
  told,
} from './facts.ts';

const pass = { name: 'pass-time' } as const;
const in2020 = year(2020);
const PACK = 'pack-000001';
const POOL = 'vision/tags';
const account = [opened(), activated(), deposited('100')];
const expired = (pack: string, forfeited: number, at: number) =>
  event('PackExpired', at, { pack, forfeited });
/** Bought on 10 January 2019 at 10:00: expires a year later. */
const own = bought(jan(10, '10:00'), { expiresAt: '2020-01-10T02:00:00.000Z' });
const EXPIRY = in2020.jan(10, '10:00');
const expiring = (days: number, left: number, pack = PACK) =>
  notice('pack_expiring', { pack, pool: POOL, days, left, expiresAt: '2020-01-10T02:00:00.000Z' });

test('where nothing is due nothing happens, however long it is', () => {
  given(opened()).when(pass, year(2199).jan(1)).thenNothing();
  given(...account)
    .when(pass, year(2199).jan(1))
    .thenNothing();
});

describe('a pack', () => {
  /** Its expiry was told of already. */
  const warned = [own, told(in2020.jan(3, '10:00'), 0, expiring(7, 100))];

  test('expires exactly at its instant, whenever that is noticed', () => {
    given(...account, ...warned)
      .when(pass, justBefore(EXPIRY))
      .thenNothing();
    for (const now of [EXPIRY, in2020.may(1)])
      given(...account, ...warned)
        .when(pass, now)
        .then(expired(PACK, 100, EXPIRY));
  });

  test('forfeits what is left, and where nothing is left nothing expires', () => {
    const used = (calls: number) => metered(jan(20), { runs: [[PACK, calls]] });
    given(...account, own, used(99), warned[1] as (typeof warned)[1])
      .when(pass, EXPIRY)
      .thenLike(expired(PACK, 1, EXPIRY));
    given(...account, own, used(100))
      .whenTimePasses(in2020.may(1))
      .thenNothing();
  });

  test('expires once', () => {
    given(...account, ...warned, expired(PACK, 100, EXPIRY))
      .whenTimePasses(year(2030).jan(1))
      .thenNothing();
  });

  test('that is about to expire is told of 30 and 7 days before, at the same time of day', () => {
    given(...account, own)
      .whenTimePasses(in2020.feb(1))
      .then(
        told(year(2019).dec(11, '10:00'), 0, expiring(30, 100)),
        told(in2020.jan(3, '10:00'), 1, expiring(7, 100)),
        expired(PACK, 100, EXPIRY),
      );
    given(...account, own)
      .when(pass, justBefore(year(2019).dec(11, '10:00')))
      .thenNothing();
  });

  test('of a book without notices only expires', () => {
    given(...account, own)
      .under({ ...vision, notices: null })
      .whenTimePasses(in2020.feb(1))
      .then(expired(PACK, 100, EXPIRY));
  });

  test('whose expiry leaves the others low or used up is a crossing', () => {
    const other = bought(jan(20), { packs: ['pack-000002'] });
    const history = [...account, ...warned, other];
    given(...history, metered(jan(25), { runs: [['pack-000002', 86]] }))
      .when(pass, EXPIRY)
      .then(expired(PACK, 100, EXPIRY), told(EXPIRY, 1, notice('pack_low', { pool: POOL, left: 14 })));
    given(...history, metered(jan(25), { runs: [['pack-000002', 85]] }))
      .when(pass, EXPIRY)
      .then(expired(PACK, 100, EXPIRY));
    given(...history, metered(jan(25), { runs: [['pack-000002', 100]] }))
      .when(pass, EXPIRY)
      .then(
        expired(PACK, 100, EXPIRY),
        told(
          EXPIRY,
          1,
          notice('pack_low', { pool: POOL, left: 0 }),
          notice('pack_exhausted', { pool: POOL, left: 0 }),
        ),
      );
  });
});

describe('in order', () => {
  test('the earliest first, one instant at a time', () => {
    const history = [
      ...account,
      bought(jan(2), { expiresAt: '2019-03-02T00:00:00.000Z' }),
      bought(jan(3), { packs: ['pack-000002'], expiresAt: '2019-03-01T00:00:00.000Z' }),
    ];
    given(...history)
      .under({ ...vision, notices: null })
      .when(pass, mar(20))
      .then(expired('pack-000002', 100, mar(1, '08:00')));
    given(...history)
      .under({ ...vision, notices: null })
      .whenTimePasses(mar(20))
      .then(expired('pack-000002', 100, mar(1, '08:00')), expired(PACK, 100, mar(2, '08:00')));
  });

  test('packs bought together expire together', () => {
    given(...account, bought(jan(2), { packs: [PACK, 'pack-000002'], expiresAt: '2019-03-02T00:00:00.000Z' }))
      .under({ ...vision, notices: null })
      .when(pass, mar(20))
      .then(expired(PACK, 100, mar(2, '08:00')), expired('pack-000002', 100, mar(2, '08:00')));
  });
});

describe('arrears that outlast their grace', () => {
  const due = feb(4, '04:00');
  const graced = [
    ...[opened(), activated(), settled('5.00', feb(1, '04:00'), '2019-01')],
    event('ArrearsFell', feb(1, '04:00'), { suspendsAt: '2019-02-03T20:00:00.000Z' }),
  ];
  const stopped = (at: number) => [
    suspended('arrears', at, 'the grace has passed'),
    told(at, 0, notice('suspended', { reason: 'arrears' })),
  ];

  test('stop the account, at the instant at which it is recorded', () => {
    given(...graced)
      .when(pass, justBefore(due))
      .thenNothing();
    given(...graced)
      .when(pass, due)
      .then(...stopped(due));
    given(...graced)
      .when(pass, feb(9))
      .then(...stopped(feb(9)));
  });

  test('once', () => {
    given(...graced, ...stopped(due))
      .whenTimePasses(mar(1))
      .thenNothing();
  });

  test('are over when they were paid meanwhile, also if it falls below zero again', () => {
    const paidIn = deposited('5.00', feb(2), 'wire-2');
    given(...graced, paidIn)
      .whenTimePasses(mar(1))
      .thenNothing();
    given(...graced, paidIn, settled('1.00', feb(3)))
      .whenTimePasses(mar(1))
      .thenNothing();
  });
});

describe('a notice that is told on the hour', () => {
  const SHORT = 'speech/short';
  const talker = [opened(), activated('speech'), deposited('100')];
  const short = (packs: readonly string[]) =>
    bought(jan(2), { product: 'speech', pool: SHORT, price: '5.00', packs });
  const use = (...runs: readonly (readonly [string, number])[]) =>
    metered(jan(10), { product: 'speech', meter: SHORT, pool: SHORT, runs });
  const channels = ['in_app', 'wechat'];
  const waits = (dueAt: number) =>
    event('NoticesRaised', jan(10), {
      notices: [],
      scheduled: [{ pool: SHORT, dueAt: new Date(dueAt).toISOString() }],
    });
  const TEN = jan(10, '10:00');

  test('is told at that hour as it stands then', () => {
    given(...talker, short([PACK]), use([PACK, 81]), waits(TEN))
      .when(pass, justBefore(TEN))
      .thenNothing();
    given(...talker, short([PACK]), use([PACK, 81]), waits(TEN))
      .when(pass, jan(10, '13:00'))
      .then(told(TEN, 0, notice('pack_low', { pool: SHORT, left: 19 }, channels)));
  });

  test('is the exhausted one alone when it came to that before the hour', () => {
    given(...talker, short([PACK]), use([PACK, 81]), waits(TEN), use([PACK, 19]))
      .when(pass, TEN)
      .then(told(TEN, 0, notice('pack_exhausted', { pool: SHORT, left: 0 }, channels)));
  });

  test('tells nobody when more was bought meanwhile: the purchase armed it again', () => {
    given(...talker, short([PACK]), use([PACK, 81]), waits(TEN), short(['pack-000002']))
      .when(pass, TEN)
      .thenNothing();
  });

  test('tells nobody when calls came back, and does not wait any more', () => {
    const back = event('UsageCorrected', jan(10), {
      source: '/g',
      id: 'u1',
      interface: SHORT,
      time: '2019-01-10T00:00:00.000Z',
      day: '2019-01-10',
      from: 81,
      to: 80,
      reason: 'counted twice',
      tallies: [paid({ product: 'speech', meter: SHORT, pool: SHORT, runs: [[PACK, -1]] })],
    });
    const history = [...talker, short([PACK]), use([PACK, 81]), waits(TEN), back];
    given(...history)
      .when(pass, TEN)
      .then(event('NoticesRaised', TEN, { notices: [], scheduled: [] }));
    given(...history)
      .under(speech)
      .whenTimePasses(jan(11))
      .then(event('NoticesRaised', TEN, { notices: [], scheduled: [] }));
  });
});

test('a suspension that was lifted is not begun again by time', () => {
  given(...account, suspended('prohibited', jan(2)), lifted('prohibited', jan(3)))
    .whenTimePasses(in2020.jan(1))
    .thenNothing();
});
