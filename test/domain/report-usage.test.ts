/** Usage is decided record by record, in the order given (rules.md, sections 3 and 10). */
import { describe, expect, test } from 'vitest';
import { brokenEdition } from '../../src/domain/catalogue.ts';
import { event } from '../../src/domain/events.ts';
import { feb, jan, justBefore, mar } from '../support/days.ts';
import { speech, vision } from './books.ts';
import { given } from './decider.ts';
import { activated, lifted, metered, opened, paid, suspended, unchargedCalls } from './facts.ts';
import { report } from './reporting.ts';

const account = [opened(), activated('vision', jan(2))];
const NOON = jan(10, '12:00');

test('an accepted record is a fact: who paid, the sums of its day, and a line for it', () => {
  const { metered: fact } = given(...account)
    .whenReported([report('u1', { calls: 12 })], jan(10, '13:00'))
    .thenEach('accepted');
  expect(fact).toStrictEqual({
    ...event('CallsMetered', jan(10, '13:00'), {
      sources: ['/gateway/1'],
      interfaces: ['vision/tag'],
      packs: [],
      base: '2019-01-10T04:00:00.000Z',
      records: 1,
      usage: [
        {
          interface: 'vision/tag',
          day: '2019-01-10',
          records: 1,
          calls: 12,
          free: 10,
          packs: 0,
          postPaid: 2,
        },
      ],
      tallies: [paid({ free: 10, postPaid: 2 })],
    }),
    lines: ['[0,"u1",0,0,12,10]'],
  });
});

describe('a record is identified by source and id, for ever', () => {
  const held = [report('u1')];

  test('the same again is a duplicate', () => {
    given(...account)
      .whenReported([report('u1')], mar(10), { held })
      .thenEach('duplicate');
    given(...account)
      .whenReported([report('u1'), report('u1')], NOON)
      .thenEach('accepted', 'duplicate')
      .thenPaid(paid({ free: 5 }));
  });

  test.each([
    ['interface', { interface: 'vision/face' }],
    ['count', { calls: 6 }],
    ['time', { time: NOON + 1 }],
    ['images submitted', { submitted: 5 }],
  ])('with another %s it is a conflict, and what is held is said', (_, other) => {
    const { outcomes } = given(...account)
      .whenReported([report('u1', other)], NOON, { held })
      .thenEach('conflict');
    expect(outcomes).toEqual([{ outcome: 'conflict', held: report('u1') }]);
    given(...account)
      .whenReported([report('u1'), report('u1', other)], NOON)
      .thenEach('accepted', 'conflict');
  });

  test('another source or id is another record', () => {
    given(...account)
      .whenReported([report('u1', { source: '/gateway/2' }), report('u2')], NOON, { held })
      .thenEach('accepted', 'accepted');
  });

  test('a refused record is not recorded: the same identity may come again', () => {
    const wrong = report('u1', { calls: 0 });
    given(...account)
      .whenReported([wrong, wrong, report('u1')], NOON)
      .thenEach('refused', 'refused', 'accepted');
  });

  test('it is looked at before anything else: what is held is a duplicate also while suspended', () => {
    given(...account, suspended('prohibited', jan(3)))
      .whenReported([report('u1')], NOON, { held })
      .thenEach('duplicate');
  });
});

describe('refused, each for its own reason', () => {
  const refused = (record: ReturnType<typeof report>, at = NOON) =>
    given(...account).whenReported([record], at);

  test.each(['vision/nothing', 'unheard-of/tag', 'vision', '', 'constructor/tag'])(
    'no book in force has the interface %j',
    (name) => {
      refused(report('u1', { interface: name })).thenRefused('interface_unknown', 'data.interface');
    },
  );

  test('an interface is known from the first instant of its edition, in the billing zone', () => {
    const soon = { ...vision, edition: '2019-02', effectiveFrom: '2019-02' };
    given(...account)
      .under(soon)
      .whenReported([report('u1', { time: justBefore(feb(1)) })], feb(2))
      .thenRefused('interface_unknown', 'data.interface');
    given(...account)
      .under(soon)
      .whenReported([report('u1', { time: feb(1) })], feb(2))
      .thenEach('accepted');
  });

  test('before the product was activated, at the record’s own time', () => {
    refused(report('u1', { time: justBefore(jan(2)) })).thenRefused('not_activated', 'time');
    refused(report('u1', { time: jan(2) })).thenEach('accepted');
    given(opened())
      .whenReported([report('u1')], NOON)
      .thenRefused('not_activated', 'time');
  });

  test.each([0, -1, 1.5, Number.NaN])('%d is not a positive integer of calls', (calls) => {
    refused(report('u1', { calls })).thenRefused('invalid_record', 'data.calls');
  });

  test('calls and images are not taken for one another', () => {
    refused(report('u1', { submitted: 5 })).thenRefused('invalid_record', 'data.submitted');
    refused(report('u1', { interface: 'vision/text' })).thenRefused('invalid_record', 'data.calls');
  });

  test.each([
    [5, 6],
    [5, -1],
    [1.5, 1],
    [5, 1.5],
  ])('of %d images submitted %d were not recognised', (submitted, calls) => {
    refused(report('u1', { interface: 'vision/text', submitted, calls })).thenRefused(
      'invalid_record',
      'data.recognised',
    );
  });

  test('while all of them may be, or none', () => {
    for (const calls of [0, 5])
      refused(report('u1', { interface: 'vision/text', submitted: 5, calls })).thenEach('accepted');
  });

  test('more than five minutes in the future', () => {
    refused(report('u1', { time: NOON + 5 * 60_000 })).thenEach('accepted');
    refused(report('u1', { time: NOON + 5 * 60_000 + 1 })).thenRefused('in_the_future', 'time');
  });

  test('within a suspension, by the record’s own time, whenever it is reported', () => {
    const stopped = [...account, suspended('arrears', jan(10, '11:00')), lifted('arrears', jan(10, '12:00'))];
    const at = (time: number) => given(...stopped).whenReported([report('u1', { time })], jan(20));
    at(justBefore(jan(10, '11:00'))).thenEach('accepted');
    at(jan(10, '11:00')).thenRefused('suspended', 'time');
    at(justBefore(jan(10, '12:00'))).thenRefused('suspended', 'time');
    at(jan(10, '12:00')).thenEach('accepted');
    given(...account, suspended('freeze_failed', jan(3)))
      .whenReported([report('u1')], jan(20))
      .thenRefused('suspended', 'time');
  });
});

test('whose price book cannot be used, until it can: others are not kept from it', () => {
  const broken = brokenEdition(
    {
      product: 'vision',
      edition: '2019-01',
      effectiveFrom: '2019-01',
      stream: 'catalogue',
      revision: 0,
      why: 'it is not what was published',
    },
    '',
  );
  const { outcomes } = given(...account, activated('speech'))
    .under(broken, speech)
    .whenReported([report('u1'), report('u2', { interface: 'speech/short' })], NOON)
    .thenEach('refused', 'accepted');
  expect(outcomes[0]).toMatchObject({ code: 'price_book_unreadable', field: 'data.interface' });
  given(...account)
    .under(broken)
    .whenReported([report('u1')], NOON)
    .thenRefused('price_book_unreadable', 'data.interface');
});

describe('how much may be counted', () => {
  const TRILLION = 1_000_000_000_000;
  const MOST = 9_007_199_254_740_991;

  test('a record has at most a trillion calls, or images', () => {
    const one = (more: Parameters<typeof report>[1]) =>
      given(...account).whenReported([report('u1', more)], NOON);
    one({ calls: TRILLION }).thenEach('accepted');
    one({ calls: TRILLION + 1 }).thenRefused('quantity_too_large', 'data.calls');
    const images = { interface: 'vision/text', calls: 1 };
    one({ ...images, submitted: TRILLION }).thenEach('accepted');
    one({ ...images, submitted: TRILLION + 1 }).thenRefused('quantity_too_large', 'data.submitted');
  });

  test('a month’s calls have a sum of 2^53 − 1 at most, charged or not; another month has room', () => {
    const full = [
      ...account,
      metered(NOON, { free: 10, postPaid: MOST - 30 }),
      unchargedCalls(NOON, '2019-01', 10),
    ];
    given(...full)
      .whenReported([report('u1', { calls: 11 })], NOON)
      .thenRefused('quantity_too_large', 'data.calls');
    given(...full)
      .whenReported(
        [report('u1', { calls: 4 }), report('u2', { calls: 7 }), report('u3', { calls: 6 })],
        NOON,
      )
      .thenEach('accepted', 'refused', 'accepted');
    given(...full)
      .whenReported([report('u1', { calls: 11, time: feb(1) })], feb(2))
      .thenEach('accepted');
  });
});

test('one record that is refused spoils no other', () => {
  given(...account)
    .whenReported([report('u1'), report('u2', { calls: 0 }), report('u3', { calls: 2 })], NOON)
    .thenEach('accepted', 'refused', 'accepted')
    .thenPaid(paid({ free: 7 }));
});

test('nothing accepted, no fact', () => {
  expect(given(...account).whenReported([], NOON).metered).toBeNull();
  expect(given(...account).whenReported([report('u1', { calls: 0 })], NOON).metered).toBeNull();
});
