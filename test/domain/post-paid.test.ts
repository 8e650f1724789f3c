/** Whether what neither free calls nor packs pay is post-paid, or waived (price-books.md, "Prepaid only"). */
import { describe, expect, test } from 'vitest';
import { event } from '../../src/domain/events.ts';
import { feb, jan } from '../support/days.ts';
import { vision } from './books.ts';
import { given } from './decider.ts';
import { activated, bought, closed, metered, opened, paid } from './facts.ts';
import { report } from './reporting.ts';

const off = (at: number) => event('PostPaidSwitched', at, { product: 'vision', postPaid: 'off' });
const on = (at: number) => event('PostPaidSwitched', at, { product: 'vision', postPaid: 'on' });
const switched = (postPaid: 'on' | 'off', product = 'vision') =>
  ({ name: 'switch-post-paid', body: { product, postPaid } }) as const;
const NOON = jan(10, '12:00');

describe('a service', () => {
  test('is switched off and on, from then on', () => {
    given(opened(), activated())
      .when(switched('off'), jan(5))
      .then(off(jan(5)));
    given(opened(), activated(), off(jan(5)))
      .when(switched('on'), jan(6))
      .then(on(jan(6)));
  });

  test('that is so already does not change', () => {
    given(opened(), activated()).when(switched('on'), jan(5)).thenNothing();
    given(opened(), activated(), off(jan(5)))
      .when(switched('off'), jan(6))
      .thenNothing();
  });

  test('that is not activated cannot be', () => {
    given(opened()).when(switched('off'), jan(5)).thenRefused('not_activated', { product: 'vision' });
  });

  test('starts as the edition in force says', () => {
    given(opened())
      .under({ ...vision, postPaid: 'off' })
      .when({ name: 'activate-service', body: { product: 'vision' } }, jan(5))
      .then(event('ServiceActivated', jan(5), { product: 'vision', postPaid: 'off' }));
  });
});

describe('while it is off, by the record’s own time', () => {
  test('free calls and packs pay as ever, and the rest is waived', () => {
    given(opened(), activated(), bought(jan(2)), off(jan(5)))
      .whenReported([report('u1', { calls: 200 })], NOON)
      .thenPaid(paid({ free: 10, runs: [['pack-000001', 100]], postPaid: 0, waived: 90 }));
  });

  test('before it was switched off calls are post-paid, whenever they are reported', () => {
    given(opened(), activated(), off(jan(11)))
      .whenReported([report('u1', { calls: 15 })], jan(12))
      .thenPaid(paid({ free: 10, postPaid: 5 }));
  });

  test('late usage of a closed month is waived beyond its free calls, though packs remain', () => {
    given(
      opened(),
      activated(),
      off(jan(5)),
      closed('2019-01', feb(1), {
        services: { vision: jan(1) },
        postPaidOff: { vision: [{ since: jan(5), until: null }] },
      }),
      bought(feb(2)),
    )
      .whenReported([report('late', { calls: 15 })], feb(3))
      .thenPaid(paid({ free: 10, postPaid: 0, waived: 5 }));
  });

  test('a record says so in its line, and its day in its sums', () => {
    const { metered: made } = given(opened(), activated(), off(jan(5))).whenReported(
      [report('u1', { calls: 12 }), report('u2', { calls: 3 })],
      NOON,
    );
    expect(made?.lines).toEqual(['[0,"u1",0,0,{"n":12,"w":1},10]', '[0,"u2",0,0,{"n":3,"w":1}]']);
    expect(made?.data.usage).toMatchObject([{ calls: 15, free: 10, packs: 0, postPaid: 0, waived: 5 }]);
  });
});

describe('a correction shrinks the side of the record’s own time first', () => {
  const both = [
    ...[opened(), activated(), metered(jan(3), { free: 10, postPaid: 20 })],
    off(jan(5)),
    metered(jan(6), { postPaid: 0, waived: 30 }),
  ];
  const correct = (time: number, from: number, to: number) =>
    ({
      name: 'correct-usage',
      body: { source: '/gateway/1', record: 'u1', calls: to, reason: 'r' },
      held: { reported: report('u1', { time, calls: from }), now: { calls: from } },
    }) as const;
  test.each([
    ['post-paid, of a record before', jan(3), 25, { postPaid: -20, waived: -5 }],
    ['waived, of a record after', jan(6), 35, { waived: -30, postPaid: -5 }],
    ['then packs and free calls', jan(6), 55, { waived: -30, postPaid: -20, free: -5 }],
  ])('%s', (_, time, less, tally) => {
    given(...both)
      .when(correct(time, 60, 60 - less), jan(20))
      .thenLike({ type: 'UsageCorrected', data: { tallies: [paid(tally)] } });
  });
});
