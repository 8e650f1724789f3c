/** Which notices are raised, by which channels, and whose thresholds are crossed (rules.md, section 11). */
import { describe, test } from 'vitest';
import { type AccountEvent, event } from '../../src/domain/events.ts';
import { feb, jan } from '../support/days.ts';
import { speech, vision } from './books.ts';
import { given } from './decider.ts';
import {
  ACME,
  activated,
  bought,
  deposited,
  lifted,
  metered,
  notice,
  opened,
  paid,
  suspended,
  told,
} from './facts.ts';
import { report } from './reporting.ts';

const NOON = jan(10, '12:00');
const TAGS = 'vision/tags';
const FACES = 'vision/faces';
const SHORT = 'speech/short';
const NOTED = { type: 'NoticesRaised' };

describe('an account’s notices go', () => {
  const stopping = (...events: readonly AccountEvent[]) =>
    given(opened(), ...events).when({ name: 'suspend', body: { note: '' } }, NOON);
  const by = (channels: readonly string[]) =>
    [
      suspended('prohibited', NOON),
      told(NOON, 0, notice('suspended', { reason: 'prohibited' }, channels)),
    ] as const;

  test('by all channels of its products, each once and in one order', () => {
    stopping(activated('speech'), activated('vision')).then(...by(['in_app', 'email', 'sms', 'wechat']));
    stopping(activated('speech')).then(...by(['in_app', 'wechat']));
  });

  test('to the app where it has no product, or none whose book has notices', () => {
    stopping().then(...by(['in_app']));
    given(opened(), activated('vision'))
      .under({ ...vision, notices: null })
      .when({ name: 'suspend', body: { note: '' } }, NOON)
      .then(...by(['in_app']));
  });
});

describe('a pool’s packs', () => {
  const owner = [opened(), activated(), metered(jan(2), { free: 10 }, { pool: FACES, free: 10 })];
  const faces = (packs: readonly string[], at = jan(3)) => bought(at, { pool: FACES, price: '9.00', packs });
  const tags = (packs: readonly string[], at = jan(3)) => bought(at, { packs });
  const used = (pool: string, ...runs: readonly (readonly [string, number])[]) =>
    metered(jan(5), { pool, runs });
  const tagged = (calls: number, ...events: readonly AccountEvent[]) =>
    given(...owner, ...events).whenReported([report('u1', { calls })], NOON);

  test('that were used are told of, and another pool’s low ones are not', () => {
    tagged(90, tags(['a']), faces(['b']), used(FACES, ['b', 90])).thenAlso(
      told(NOON, 0, notice('pack_low', { pool: TAGS, left: 10 })),
    );
    tagged(10, tags(['a']), faces(['b']), used(FACES, ['b', 90])).thenAlso();
  });

  test('of two pools crossed by one batch are told of both', () => {
    given(...owner, tags(['a']), faces(['b']))
      .whenReported(
        [report('u1', { calls: 90 }), report('u2', { calls: 95, interface: 'vision/face' })],
        NOON,
      )
      .thenAlso(
        told(
          NOON,
          0,
          notice('pack_low', { pool: TAGS, left: 10 }),
          notice('pack_low', { pool: FACES, left: 5 }),
        ),
      );
  });

  test('count together, as they were bought and have not expired or been voided', () => {
    const late = tags(['b'], jan(4));
    tagged(69, tags(['a']), late, used(TAGS, ['a', 100])).thenAlso();
    tagged(71, tags(['a']), late, used(TAGS, ['a', 100])).thenAlso(
      told(NOON, 0, notice('pack_low', { pool: TAGS, left: 29 })),
    );
    const gone = bought(jan(2), { packs: ['old'], expiresAt: new Date(NOON).toISOString() });
    tagged(85, gone, used(TAGS, ['old', 100]), tags(['a'])).thenAlso();
    tagged(86, gone, used(TAGS, ['old', 100]), tags(['a'])).thenAlso(
      told(NOON, 0, notice('pack_low', { pool: TAGS, left: 14 })),
    );
    const voided = event('PackVoided', jan(6), { pack: 'b', voided: 100, reference: 'c' });
    tagged(85, tags(['a']), late, voided).thenAlso();
    tagged(86, tags(['a']), late, voided).thenAlso(
      told(NOON, 0, notice('pack_low', { pool: TAGS, left: 14 })),
    );
  });

  test('are low together, however many of them are usable', () => {
    const both = used(TAGS, ['a', 90], ['b', 80]);
    tagged(1, tags(['a', 'b']), both).thenAlso(told(NOON, 0, notice('pack_low', { pool: TAGS, left: 29 })));
    tagged(1, tags(['a', 'b']), used(TAGS, ['a', 90], ['b', 79])).thenAlso();
  });

  test('of one product are told of at once, while another’s wait for the hour', () => {
    const short = bought(jan(3), { product: 'speech', pool: SHORT, price: '5.00', packs: ['c'] });
    const low = told(NOON, 0, notice('pack_low', { pool: TAGS, left: 10 }));
    const dueAt = new Date(jan(10, '13:00')).toISOString();
    given(...owner, activated('speech'), tags(['a']), short)
      .whenReported([report('u1', { calls: 90 }), report('u2', { calls: 90, interface: SHORT })], NOON)
      .thenAlso(event('NoticesRaised', NOON, { ...low.data, scheduled: [{ pool: SHORT, dueAt }] }));
  });

  test('that were told of as exhausted are told of no more, until one is bought', () => {
    const exhausted = told(
      jan(5),
      0,
      notice('pack_low', { pool: TAGS, left: 0 }),
      notice('pack_exhausted', { pool: TAGS, left: 0 }),
    );
    const back = paid({ runs: [['a', -5]] });
    tagged(5, tags(['a']), used(TAGS, ['a', 100]), exhausted, metered(jan(6), back)).thenAlso();
    tagged(90, tags(['a']), used(TAGS, ['a', 100]), exhausted, tags(['b'], jan(7))).thenAlso(
      told(NOON, 2, notice('pack_low', { pool: TAGS, left: 10 })),
    );
  });

  test('of a book without notices run low untold', () => {
    given(...owner, tags(['a']))
      .under({ ...vision, notices: null })
      .whenReported([report('u1', { calls: 100 })], NOON)
      .thenAlso();
  });
});

describe('of the last pack, where the book says so', () => {
  const book = {
    ...speech,
    notices: { low: { below: '0.20', of: 'last_pack' as const }, channels: ['sms' as const] },
  };
  const short = (...packs: readonly string[]) =>
    bought(jan(2), { product: 'speech', pool: SHORT, price: '5.00', packs });
  const talked = (calls: number, ...events: readonly AccountEvent[]) =>
    given(opened(), activated('speech'), ...events)
      .under(book)
      .whenReported([report('u1', { interface: SHORT, calls })], NOON);
  const low = (left: number) => told(NOON, 0, notice('pack_low', { pool: SHORT, left }, ['sms']));

  test('it is told below 20 % of that pack, however many were used up', () => {
    talked(80, short('a')).thenAlso();
    talked(81, short('a')).thenAlso(low(19));
    talked(180, short('a', 'b')).thenAlso();
    talked(181, short('a', 'b')).thenAlso(low(19));
  });

  test('not while another is usable, be both nearly used up', () => {
    const both = metered(jan(5), {
      product: 'speech',
      meter: SHORT,
      pool: SHORT,
      runs: [
        ['a', 90],
        ['b', 90],
      ],
    });
    talked(9, short('a', 'b'), both).thenAlso();
    talked(10, short('a', 'b'), both).thenAlso(low(10));
  });

  test('and at zero', () => {
    talked(100, short('a')).thenAlso(
      told(
        NOON,
        0,
        notice('pack_low', { pool: SHORT, left: 0 }, ['sms']),
        notice('pack_exhausted', { pool: SHORT, left: 0 }, ['sms']),
      ),
    );
  });
});

test('what a close is told of names its sums: the bill, and the freeze that failed', () => {
  given(opened(), activated(), deposited('54.99'), metered(jan(10), { free: 10, postPaid: 50 }))
    .when({ name: 'close-month', body: { month: '2019-01' } }, feb(1))
    .thenLike({}, {}, { type: 'FreezeFailed' }, suspended('freeze_failed', feb(1)), {
      data: {
        notices: [
          { kind: 'bill_issued', about: { month: '2019-01', due: '25.00', total: '25.00' } },
          { kind: 'freeze_failed', about: { month: '2019-01', amount: '30.00' } },
          { kind: 'suspended', about: { reason: 'freeze_failed' } },
        ],
      },
    });
});

test('the id of a notice says what it is about, when, and ends with its number within the account', () => {
  given(opened(), activated(), told(jan(2), 0, notice('suspended', { reason: 'prohibited' })))
    .when({ name: 'suspend', body: { note: '' } }, NOON)
    .thenLike(suspended('prohibited', NOON), {
      data: { notices: [{ id: 'suspended:prohibited:2019-01-10T04:00:00.000Z:1' }] },
    });
});

describe('under rules 1, which a replay of that time decides by', () => {
  const old = event('AccountOpened', jan(1), { account: ACME });
  const owner = [old, activated(), deposited('1000'), metered(jan(2), { free: 10 })];
  const buy = { name: 'buy-packs', body: { pool: TAGS, size: 100, quantity: 1 } } as const;
  const large = bought(jan(3), { size: 1_000, price: '70.00' });
  const used = (calls: number) => metered(jan(5), { runs: [['pack-000001', calls]] });
  const purchase = { type: 'PackPurchased' };

  test('a purchase that left the packs low was told of', () => {
    given(...owner, large, used(1_000))
      .when(buy, feb(1), { again: true })
      .thenLike(purchase, { data: { notices: [{ kind: 'pack_low', about: { left: 100 } }] } });
    given(opened(), ...owner.slice(1), large, used(1_000))
      .when(buy, feb(1))
      .thenLike(purchase);
  });

  test('and a notice had no number', () => {
    given(...owner)
      .when({ name: 'suspend', body: { note: '' } }, NOON, { again: true })
      .thenLike(suspended('prohibited', NOON), {
        data: { notices: [{ id: 'suspended:prohibited:2019-01-10T04:00:00.000Z' }] },
      });
  });

  test('what changed no pack told nothing of packs', () => {
    given(...owner, large, used(999))
      .when({ name: 'deposit', body: { amount: '1', reference: 'wire-2' }, earlier: null }, feb(1), {
        again: true,
      })
      .thenLike({ type: 'FundsDeposited' });
  });
});

test('an account resumes when its last suspension is lifted, and that is told', () => {
  const both = [opened(), activated(), suspended('arrears', jan(2)), suspended('prohibited', jan(3))];
  const lift = { name: 'lift-suspension' } as const;
  given(...both)
    .when(lift, NOON)
    .then(lifted('prohibited', NOON));
  given(...both, lifted('arrears', jan(4)))
    .when(lift, NOON)
    .thenLike(lifted('prohibited', NOON), NOTED);
});
