/** Who pays for a call: free allowance, then packs, then post-paid, a pool (rules.md, sections 3 to 5). */
import { describe, expect, test } from 'vitest';
import { granted as allowance } from '../../src/domain/allowance.ts';
import { type AccountEvent, event } from '../../src/domain/events.ts';
import { fold } from '../../src/domain/evolve.ts';
import { feb, jan, justBefore, mar, year } from '../support/days.ts';
import { vision } from './books.ts';
import { CALENDAR, given } from './decider.ts';
import { activated, billed, bought, closed, metered, opened, paid } from './facts.ts';
import { report } from './reporting.ts';

const account = [opened(), activated()];
const NOON = jan(10, '12:00');
const PACK = 'pack-000001';

test('free calls first, then packs, then post-paid', () => {
  given(...account, bought(jan(2)))
    .whenReported([report('u1', { calls: 115 })], NOON)
    .thenPaid(paid({ free: 10, runs: [[PACK, 100]], postPaid: 5 }));
});

test('record by record in the order given', () => {
  const { metered: fact } = given(...account, bought(jan(2)))
    .whenReported(
      [report('u1', { calls: 9 }), report('u2', { calls: 3 }), report('u3', { calls: 100 })],
      NOON,
    )
    .thenPaid(paid({ free: 10, runs: [[PACK, 100]], postPaid: 2 }));
  expect(fact?.lines).toEqual(['[0,"u1",0,0,9,9]', '[0,"u2",0,0,3,1,0,2]', '[0,"u3",0,0,100,0,0,98]']);
});

test('a pack that paid in part pays on, also among many', () => {
  const packs = Array.from({ length: 20 }, (_, i) => `pack-${String(i + 1).padStart(6, '0')}`);
  const used = metered(jan(2), { free: 10 });
  for (const some of [packs.slice(0, 3), packs])
    given(...account, bought(jan(2), { packs: some }), used)
      .whenReported(
        [
          report('u1', { calls: 60 }),
          report('u2', { calls: 60 }),
          report('u3', { calls: 80, interface: 'vision/tag-large' }),
          report('u4', { calls: 30 }),
        ],
        NOON,
      )
      .thenPaid(
        paid({
          runs: [
            ['pack-000001', 100],
            ['pack-000002', 100],
            ['pack-000003', 30],
          ],
        }),
      );
});

describe('the free allowance', () => {
  const calls = (id: string, time: number, more = {}) => report(id, { calls: 12, time, ...more });

  test('is a pool’s and a month’s, by the record’s own time in the billing zone', () => {
    given(...account)
      .whenReported([calls('u1', justBefore(feb(1))), calls('u2', feb(1))], feb(2))
      .thenPaid(
        paid({ month: '2019-01', free: 10, postPaid: 2 }),
        paid({ month: '2019-02', free: 10, postPaid: 2 }),
      );
  });

  test('is shared by the interfaces of a pool, and no pool’s is another’s', () => {
    given(...account)
      .whenReported(
        [
          report('u1', { calls: 6 }),
          report('u2', { calls: 6, interface: 'vision/tag-large' }),
          report('u3', { calls: 6, interface: 'vision/face' }),
        ],
        NOON,
      )
      .thenPaid(paid({ free: 10, postPaid: 2 }), paid({ pool: 'vision/faces', free: 6 }));
  });

  test('that was used is used', () => {
    given(...account, metered(jan(5), { free: 7 }))
      .whenReported([calls('u1', NOON)], NOON)
      .thenPaid(paid({ free: 3, postPaid: 9 }));
  });

  test('is given in the month of activation, or from the next one on, as the book says', () => {
    const short = { interface: 'speech/short' };
    const talk = { product: 'speech', meter: 'speech/short', pool: 'speech/short' };
    given(opened(), activated('speech', jan(1)))
      .whenReported([calls('u1', justBefore(feb(1)), short), calls('u2', feb(1), short)], feb(2))
      .thenPaid(
        paid({ ...talk, month: '2019-01', postPaid: 12 }),
        paid({ ...talk, month: '2019-02', free: 10, postPaid: 2 }),
      );
    given(opened(), activated('speech', justBefore(feb(1))))
      .whenReported([calls('u1', feb(1), short)], feb(2))
      .thenPaid(paid({ ...talk, month: '2019-02', free: 10, postPaid: 2 }));
  });

  test('is none of a product before its activation', () => {
    const granted = (month: string, ...events: readonly AccountEvent[]) => {
      const of = fold(null, [opened(), ...events]);
      return of && allowance(of, CALENDAR, vision, month, 'vision/tags');
    };
    expect(granted('2019-01')).toBe(0);
    expect(granted('2019-01', activated('vision', feb(1)))).toBe(0);
    expect(granted('2019-02', activated('vision', feb(1)))).toBe(10);
  });

  test('an interface without a pool has none, and no pack pays for it', () => {
    given(...account, bought(jan(2)))
      .whenReported([calls('u1', NOON, { interface: 'vision/beta' })], NOON)
      .thenPaid(paid({ meter: 'vision/beta', pool: null, postPaid: 12 }));
  });
});

describe('among packs', () => {
  const pays = (...packs: readonly ReturnType<typeof bought>[]) =>
    given(...account, metered(jan(5), { free: 10 }), ...packs).whenReported([report('u1')], NOON);
  const by = (pack: string) => paid({ runs: [[pack, 5]] });
  const one = (at: number, more: Parameters<typeof bought>[1] = {}) =>
    bought(at, { packs: ['one'], expiresAt: '2019-12-01T00:00:00.000Z', ...more });
  const two = (at: number, more: Parameters<typeof bought>[1] = {}) =>
    bought(at, { packs: ['two'], expiresAt: '2019-12-01T00:00:00.000Z', ...more });

  test('the one that expires first pays', () => {
    pays(one(jan(2)), two(jan(3), { expiresAt: '2019-11-30T23:59:59.999Z' })).thenPaid(by('two'));
  });
  test('then the one bought first', () => pays(one(jan(3)), two(jan(2))).thenPaid(by('two')));
  test('then the smaller size', () => {
    pays(one(jan(2), { size: 1_000 }), two(jan(2))).thenPaid(by('two'));
  });
  test('then by id', () => pays(two(jan(2)), one(jan(2))).thenPaid(by('one')));

  test('and the next when one is used up', () => {
    given(...account, metered(jan(5), { free: 10 }), one(jan(2)), two(jan(3)))
      .whenReported([report('u1', { calls: 150 })], NOON)
      .thenPaid(
        paid({
          runs: [
            ['one', 100],
            ['two', 50],
          ],
        }),
      );
  });
});

describe('a pack pays', () => {
  const used = [...account, metered(jan(5), { free: 10 })];

  test('from the instant of its purchase until its expiry, excluded, by the record’s own time', () => {
    const pack = bought(jan(8), { expiresAt: new Date(jan(9)).toISOString() });
    const at = (time: number) => given(...used, pack).whenReported([report('u1', { time })], jan(20));
    at(justBefore(jan(8))).thenPaid(paid({ postPaid: 5 }));
    at(jan(8)).thenPaid(paid({ runs: [[PACK, 5]] }));
    at(justBefore(jan(9))).thenPaid(paid({ runs: [[PACK, 5]] }));
    at(jan(9)).thenPaid(paid({ postPaid: 5 }));
  });

  test('for what is reported after its expiry too: the forfeited calls shrink', () => {
    const pack = bought(jan(8), { expiresAt: new Date(jan(9)).toISOString() });
    const gone = event('PackExpired', jan(9), { pack: PACK, forfeited: 100 });
    given(...used, pack, gone)
      .whenReported([report('u1', { time: jan(8, '12:00') })], jan(20))
      .thenPaid(paid({ runs: [[PACK, 5]] }));
  });

  test('nothing when it is void', () => {
    const voided = event('PackVoided', jan(9), { pack: PACK, voided: 100, reference: 'c' });
    given(...used, bought(jan(2)), voided)
      .whenReported([report('u1', { time: jan(8) })], jan(20))
      .thenPaid(paid({ postPaid: 5 }));
  });

  test('nothing in another pool', () => {
    given(...used, bought(jan(2), { pool: 'vision/faces' }))
      .whenReported([report('u1')], NOON)
      .thenPaid(paid({ postPaid: 5 }));
  });

  test('for the interfaces that its pool had in the edition it was bought under', () => {
    const apart = {
      ...vision,
      edition: '2019-02',
      effectiveFrom: '2019-02',
      interfaces: vision.interfaces.map((one) =>
        one.id === 'vision/tag-large' ? { ...one, pool: 'vision/faces' } : one,
      ),
    };
    const large = report('u1', { interface: 'vision/tag-large', time: feb(10), calls: 15 });
    const faces = { month: '2019-02', pool: 'vision/faces', free: 10 };
    given(...account, bought(jan(2)))
      .under(vision, apart)
      .whenReported([large], feb(10))
      .thenPaid(paid({ ...faces, runs: [[PACK, 5]] }));
    given(...account, bought(feb(2), { edition: '2019-02' }))
      .under(vision, apart)
      .whenReported([large], feb(10))
      .thenPaid(paid({ ...faces, postPaid: 5 }));
  });

  test('out of many as out of few', () => {
    const many = Array.from({ length: 20 }, (_, i) =>
      bought(jan(2), { packs: [`pack-0000${i + 10}`], expiresAt: new Date(mar(1) - i).toISOString() }),
    );
    given(...used, ...many)
      .whenReported([report('u1', { calls: 150 })], NOON)
      .thenPaid(
        paid({
          runs: [
            ['pack-000029', 100],
            ['pack-000028', 50],
          ],
        }),
      );
  });
});

describe('late usage for a closed month', () => {
  const january = (free: number) =>
    closed('2019-01', feb(1), {
      services: { vision: jan(1) },
      months: {
        '2019-01': {
          groups: {
            'vision/tags': {
              product: 'vision',
              meter: 'vision/calls',
              pool: 'vision/tags',
              free,
              postPaid: 0,
              runs: [],
            },
          },
          closed: billed(),
        },
      },
    });

  test('first uses what was left of its free calls, then is post-paid: packs are not touched', () => {
    given(...account, january(8), bought(jan(2)))
      .whenReported([report('u1')], feb(5))
      .thenPaid(paid({ free: 2, postPaid: 3 }));
  });

  test('the last instant of it is closed, the next month’s first is not', () => {
    given(...account, january(10), bought(jan(2)))
      .whenReported(
        [report('u1', { time: justBefore(feb(1)) }), report('u2', { time: feb(1), calls: 15 })],
        feb(5),
      )
      .thenPaid(paid({ postPaid: 5 }), paid({ month: '2019-02', free: 10, runs: [[PACK, 5]] }));
  });
});

describe('images', () => {
  const text = (id: string, submitted: number, calls: number) =>
    report(id, { interface: 'vision/text', submitted, calls });
  const texts = { pool: 'vision/texts', meter: 'vision/texts' };

  test('of five of which four are recognised, four count', () => {
    const { metered: fact } = given(...account)
      .whenReported([text('u1', 5, 4)], NOON)
      .thenPaid(paid({ ...texts, free: 4 }));
    expect(fact?.lines).toEqual(['[0,"u1",0,0,[5,4],4]']);
  });

  test('none recognised is recorded and charges nothing', () => {
    given(...account)
      .whenReported([text('u1', 5, 0)], NOON)
      .thenEach('accepted')
      .thenPaid();
  });
});

test('calls that are not charged are recorded, and nobody pays', () => {
  const { metered: fact } = given(...account, bought(jan(2)))
    .whenReported([report('u1', { interface: 'vision/list' })], NOON)
    .thenEach('accepted')
    .thenPaid();
  expect(fact?.data.uncharged).toEqual([{ month: '2019-01', calls: 5 }]);
});

test('a year later its packs are gone, and its free calls are there again', () => {
  given(...account, bought(jan(2)))
    .whenReported([report('u1', { calls: 12, time: year(2020).jan(2) })], year(2020).jan(2))
    .thenPaid(paid({ month: '2020-01', free: 10, postPaid: 2 }));
});
