/** CorrectUsage: a record's count set right, up or down, with a reason (rules.md, section 10). */
import { describe, test } from 'vitest';
import { event, type Tally } from '../../src/domain/events.ts';
import { feb, jan, justBefore, mar } from '../support/days.ts';
import { given } from './decider.ts';
import {
  activated,
  billed,
  bought,
  closed,
  deposited,
  metered,
  notice,
  opened,
  paid,
  told,
  unchargedCalls,
} from './facts.ts';

const NOON = jan(10, '12:00');
interface Held {
  readonly calls: number;
  readonly interface?: string;
  readonly time?: number;
  readonly submitted?: number;
  /** Its count today, where it was corrected before. */
  readonly now?: number;
}
const recordOf = ({ calls, interface: iface = 'vision/tag', time = NOON, submitted }: Held) =>
  ({ source: '/gateway/1', id: 'u1', interface: iface, time, calls, submitted: submitted ?? null }) as const;
/** The record `u1` as it is held, and what its count should be. */
const correct = (held: Held | null, calls: number) =>
  ({
    name: 'correct-usage',
    body: { source: '/gateway/1', record: 'u1', calls, reason: 'sent twice' },
    held: held && { reported: recordOf(held), now: { calls: held.now ?? held.calls } },
  }) as const;
const corrected = (at: number, from: number, to: number, tally: Tally | null, more: object = {}) =>
  event('UsageCorrected', at, {
    source: '/gateway/1',
    id: 'u1',
    interface: 'vision/tag',
    time: '2019-01-10T04:00:00.000Z',
    day: '2019-01-10',
    from,
    to,
    reason: 'sent twice',
    tallies: tally ? [tally] : [],
    ...more,
  });
const account = [opened(), activated()];
const PACK = 'pack-000001';

test('a record that is not held is unknown', () => {
  given(...account)
    .when(correct(null, 5), jan(20))
    .thenRefused('record_unknown', { source: '/gateway/1', id: 'u1' });
});

test('to the count that it has nothing changes', () => {
  given(...account, metered(NOON, { free: 5 }))
    .when(correct({ calls: 5 }, 5), jan(20))
    .thenNothing();
  given(...account, metered(NOON, { free: 4 }))
    .when(correct({ calls: 5, now: 4 }, 4), jan(20))
    .thenNothing();
});

describe('up, the difference is metered as if it were reported now', () => {
  test('free calls first, then packs, then post-paid', () => {
    given(...account, deposited('8'), bought(jan(2)), metered(NOON, { free: 4 }))
      .when(correct({ calls: 4 }, 114), jan(20))
      .thenLike(corrected(jan(20), 4, 114, paid({ free: 6, runs: [[PACK, 100]], postPaid: 4 })), {
        type: 'NoticesRaised',
      });
  });

  test('with the record’s own time: a pack bought after it does not pay', () => {
    given(...account, deposited('8'), bought(NOON + 1), metered(NOON, { free: 10 }))
      .when(correct({ calls: 10 }, 13), jan(20))
      .then(corrected(jan(20), 10, 13, paid({ postPaid: 3 })));
  });

  test('and one that has expired since still does, in a month that is open', () => {
    const expired = bought(jan(2), { expiresAt: new Date(NOON + 1).toISOString() });
    given(...account, expired, metered(NOON, { free: 10 }))
      .when(correct({ calls: 10 }, 13), feb(20))
      .then(corrected(feb(20), 10, 13, paid({ runs: [[PACK, 3]] })));
  });

  test('so a threshold may be crossed', () => {
    given(...account, bought(jan(2)), metered(NOON, { free: 10, runs: [[PACK, 80]] }))
      .when(correct({ calls: 90 }, 96), jan(20))
      .then(
        corrected(jan(20), 90, 96, paid({ runs: [[PACK, 6]] })),
        told(jan(20), 0, notice('pack_low', { pool: 'vision/tags', left: 14 })),
      );
  });
});

describe('down, in the record’s month and pool', () => {
  const runs: Tally['runs'] = [
    ['pack-000001', 20],
    ['pack-000002', 30],
    ['pack-000001', 5],
  ];
  const two = bought(jan(2), { packs: ['pack-000001', 'pack-000002'] });
  const history = [...account, two, metered(NOON, { free: 10, runs, postPaid: 40 })];
  const down = (by: number) => given(...history).when(correct({ calls: 105 }, 105 - by), jan(20));

  test('post-paid calls shrink first', () => {
    down(40).then(corrected(jan(20), 105, 65, paid({ postPaid: -40 })));
  });

  test('then those paid by packs, the last used first, back to their pack', () => {
    down(41).then(corrected(jan(20), 105, 64, paid({ postPaid: -40, runs: [['pack-000001', -1]] })));
    down(50).then(
      corrected(
        jan(20),
        105,
        55,
        paid({
          postPaid: -40,
          runs: [
            ['pack-000001', -5],
            ['pack-000002', -5],
          ],
        }),
      ),
    );
  });

  test('then the free ones, down to nothing', () => {
    const back: Tally['runs'] = [
      ['pack-000001', -5],
      ['pack-000002', -30],
      ['pack-000001', -20],
    ];
    down(96).then(corrected(jan(20), 105, 9, paid({ free: -1, postPaid: -40, runs: back })));
    down(105).then(corrected(jan(20), 105, 0, paid({ free: -10, postPaid: -40, runs: back })));
  });

  test('whichever record they belonged to', () => {
    const others = metered(jan(11), { postPaid: 7 });
    given(...account, metered(NOON, { free: 10 }), others)
      .when(correct({ calls: 10 }, 3), jan(20))
      .then(corrected(jan(20), 10, 3, paid({ postPaid: -7 })));
  });

  test('calls that come back to a pack tell of nothing', () => {
    given(...account, bought(jan(2)), metered(NOON, { free: 10, runs: [[PACK, 99]] }))
      .when(correct({ calls: 109 }, 100), jan(20))
      .then(corrected(jan(20), 109, 100, paid({ runs: [[PACK, -9]] })));
  });
});

describe('in a closed month', () => {
  const services = { vision: jan(1) };
  const group = (free: number, postPaid: number) => ({
    'vision/tags': {
      product: 'vision',
      meter: 'vision/calls',
      pool: 'vision/tags',
      free,
      postPaid,
      runs: [],
    },
  });
  const january = (free: number, postPaid: number) => ({
    '2019-01': { groups: group(free, postPaid), closed: billed() },
  });

  test('up it first uses what was left of its free calls, then counts as post-paid: packs are not touched', () => {
    const carried = { services, months: january(8, 0), packs: [] };
    given(...account, closed('2019-01', feb(1), carried), bought(feb(2)))
      .when(correct({ calls: 8 }, 15), feb(20))
      .then(corrected(feb(20), 8, 15, paid({ free: 2, postPaid: 5 })));
  });

  test('down it is as in an open one', () => {
    given(...account, closed('2019-01', feb(1), { services, months: january(10, 5) }))
      .when(correct({ calls: 15 }, 8), feb(20))
      .then(corrected(feb(20), 15, 8, paid({ free: -2, postPaid: -5 })));
  });
});

describe('its day and month are those of the billing zone', () => {
  test.each([
    [justBefore(feb(1)), '2019-01-31', '2019-01', '2019-01-31T15:59:59.999Z'],
    [feb(1), '2019-02-01', '2019-02', '2019-01-31T16:00:00.000Z'],
  ])('%#', (time, day, month, text) => {
    given(...account, metered(time, { month, free: 1 }))
      .when(correct({ calls: 1, time }, 2), mar(20))
      .then(corrected(mar(20), 1, 2, paid({ month, free: 1 }), { day, time: text }));
  });
});

describe('of images', () => {
  const text = { interface: 'vision/text' } as const;
  const held = { calls: 4, submitted: 5, ...text };
  const texts = { pool: 'vision/texts', meter: 'vision/texts' };

  test('no more are recognised than were submitted', () => {
    given(...account, metered(NOON, { ...texts, free: 4 }))
      .when(correct(held, 6), jan(20))
      .thenRefused('invalid_request', { field: 'calls' });
    given(...account, metered(NOON, { ...texts, free: 4 }))
      .when(correct(held, 5), jan(20))
      .then(corrected(jan(20), 4, 5, paid({ ...texts, free: 1 }), text));
  });
});

describe('of calls that nobody is charged for', () => {
  test('the count alone changes', () => {
    const list = { interface: 'vision/list' } as const;
    given(...account, unchargedCalls(NOON, '2019-01', 5))
      .when(correct({ calls: 5, ...list }, 9), jan(20))
      .then(corrected(jan(20), 5, 9, null, list));
    given(...account, unchargedCalls(NOON, '2019-01', 5))
      .when(correct({ calls: 5, ...list }, 0), jan(20))
      .then(corrected(jan(20), 5, 0, null, list));
  });
});

describe('how large a count may be', () => {
  const TRILLION = 1_000_000_000_000;
  const MOST = 9_007_199_254_740_991;

  test('a record has at most a trillion calls', () => {
    given(...account, metered(NOON, { free: 1 }))
      .when(correct({ calls: 1 }, TRILLION), jan(20))
      .thenLike({ type: 'UsageCorrected', data: { to: TRILLION } });
    given(...account, metered(NOON, { free: 1 }))
      .when(correct({ calls: 1 }, TRILLION + 1), jan(20))
      .thenRefused('quantity_too_large', { field: 'calls', most: TRILLION });
  });

  test('and the month’s calls a sum of 2^53 − 1 at most, charged or not', () => {
    const full = [
      ...account,
      metered(NOON, { free: 10, postPaid: MOST - 110 }),
      unchargedCalls(NOON, '2019-01', 50),
    ];
    given(...full)
      .when(correct({ calls: 10 }, 60), jan(20))
      .then(corrected(jan(20), 10, 60, paid({ postPaid: 50 })));
    given(...full)
      .when(correct({ calls: 10 }, 61), jan(20))
      .thenRefused('quantity_too_large', { field: 'calls', most: 60 });
    given(...full)
      .when(correct({ calls: 10 }, 61), jan(20), { again: true })
      .then(corrected(jan(20), 10, 61, paid({ postPaid: 51 })));
  });
});
