/** Several quantities in one call, and classes that the call itself chooses (price-books.md). */
import { describe, expect, test } from 'vitest';
import type { FreeRun } from '../../src/domain/account.ts';
import { event } from '../../src/domain/events.ts';
import { fold } from '../../src/domain/evolve.ts';
import { bookProblems } from '../../src/domain/price-book-problems.ts';
import type { UsageRecord } from '../../src/domain/usage.ts';
import { feb, jan } from '../support/days.ts';
import { chat } from './books.ts';
import { given } from './decider.ts';
import { activated, bought, metered, opened, paid } from './facts.ts';
import { report } from './reporting.ts';

const account = [opened(), activated('chat')];
const CHAT = { product: 'chat', pool: 'chat/points', shared: true } as const;
const INPUT = { ...CHAT, meter: 'chat/input' };
const OUTPUT = { ...CHAT, meter: 'chat/output' };
const PACK = 'pack-000001';
const packs = bought(jan(2), { product: 'chat', pool: 'chat/points', size: 1_000, packs: [PACK] });
const said = (id: string, quantities: Record<string, number>, more: Partial<UsageRecord> = {}) =>
  report(id, { interface: 'chat/complete', calls: 0, quantities, ...more });
/** A record as it is kept: with the sum of its measures. */
const kept = (quantities: Record<string, number>, more: Partial<UsageRecord> = {}) =>
  said('u1', quantities, { calls: Object.values(quantities).reduce((sum, one) => sum + one, 0), ...more });
const free = (...runs: readonly FreeRun[]) => ({
  free: runs.reduce((sum, [units]) => sum + units, 0),
  freeRuns: runs,
});

test('the book is sound', () => {
  expect(bookProblems(chat)).toEqual([]);
});

describe('each measure pays its own way, in the order of the book', () => {
  test('free points first, a whole weight at a time', () => {
    // 60 + 20 points for what goes in; of the 20 left, five units out take four each.
    given(...account)
      .under(chat)
      .whenReported([said('u1', { output: 7, cache_read: 20, input: 60 })], jan(11))
      .thenPaid(
        paid({ ...INPUT, free: 80, postPaid: 0 }),
        paid({ ...OUTPUT, ...free([5, 4]), postPaid: 2, points: 28 }),
      );
  });

  test('one point short of a whole weight is left', () => {
    // 97 points go in; 3 are left, and a token out takes 4.
    given(...account)
      .under(chat)
      .whenReported([said('u1', { input: 97, output: 1 }), said('u2', { input: 3 })], jan(11))
      .thenPaid(paid({ ...INPUT, free: 100, postPaid: 0 }), paid({ ...OUTPUT, postPaid: 1, points: 4 }));
  });

  test('then packs, in points too', () => {
    given(...account, packs)
      .under(chat)
      .whenReported([said('u1', { input: 600, output: 130 })], jan(11))
      .thenPaid(
        paid({ ...INPUT, free: 100, runs: [[PACK, 500]] }),
        // 500 points are left: 125 units of four.
        paid({ ...OUTPUT, postPaid: 5, runs: [[PACK, 125, 4]], points: 520 }),
      );
  });

  test('a total may be reported, and is no content', () => {
    const held = [kept({ input: 60, cache_read: 20 })];
    given(...account)
      .under(chat)
      .whenReported([said('u1', { input: 60, cache_read: 20, context: 80, output: 0 })], jan(11), { held })
      .thenEach('duplicate');
    given(...account)
      .under(chat)
      .whenReported([said('u1', { input: 61, cache_read: 20 })], jan(11), { held })
      .thenEach('conflict');
  });

  test('all of zero is recorded and charges nothing', () => {
    const { metered: made } = given(...account)
      .under(chat)
      .whenReported([said('u1', { input: 0 })], jan(11));
    expect(made?.lines).toEqual(['[0,"u1",0,0,{"q":[]}]']);
    expect(made?.data.tallies).toEqual([]);
  });

  test.each([
    ['a name that the interface has not', { inputs: 1 }, 'data.quantities.inputs'],
    ['a total that is not the sum', { input: 1, cache_read: 1, context: 3 }, 'data.quantities.context'],
    ['a total alone', { context: 3 }, 'data.quantities'],
    ['half a token', { input: 0.5 }, 'data.quantities.input'],
    ['less than none', { input: -1 }, 'data.quantities.input'],
  ])('%s is refused', (_, quantities, field) => {
    given(...account)
      .under(chat)
      .whenReported([said('u1', quantities)], jan(11))
      .thenRefused('invalid_record', field);
  });

  test('calls of it are refused, and quantities of an interface that counts calls', () => {
    given(...account)
      .under(chat)
      .whenReported([report('u1', { interface: 'chat/complete' })], jan(11))
      .thenRefused('invalid_record', 'data.calls');
    given(opened(), activated())
      .whenReported([report('u1', { quantities: { input: 1 } })], jan(11))
      .thenRefused('invalid_record', 'data.quantities');
    given(opened(), activated())
      .whenReported([report('u1', { attributes: { speed: 'slow' } })], jan(11))
      .thenRefused('invalid_record', 'data.attributes');
  });

  test('a quantity, and the points of a pool in a month, have a limit', () => {
    given(...account)
      .under(chat)
      .whenReported([said('u1', { input: 1_000_000_000_001 })], jan(11))
      .thenRefused('quantity_too_large', 'data.quantities.input');
    // 2^53 − 1 is 3 more than a multiple of four.
    const most = (2 ** 53 - 4) / 4;
    const near = metered(jan(3), { ...OUTPUT, postPaid: most - 1, points: (most - 1) * 4 });
    const { outcomes } = given(...account, near)
      .under(chat)
      .whenReported(
        [
          said('u1', { output: 1 }),
          said('u2', { output: 1 }),
          said('u3', { input: 1 }),
          said('u4', { input: 3 }),
        ],
        jan(11),
      );
    // A unit that takes one point takes it of the same sum.
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['accepted', 'refused', 'accepted', 'refused']);
  });
});

describe('the class of a record', () => {
  const metersOf = (record: UsageRecord, at = jan(20)) =>
    given(...account)
      .under(chat)
      .whenReported([record], at)
      .metered?.data.tallies.map(({ meter }) => meter);

  test('by a total, above its bound and not at it', () => {
    const at = (input: number) => metersOf(said('u1', { input, cache_read: 28_000 }));
    expect(at(100_000)).toEqual(['chat/input']);
    expect(at(100_001)).toEqual(['chat/long-input']);
  });

  // 11 January 2019 is a Friday.
  test.each([
    ['just before', jan(11, '22:59'), 'chat/input'],
    ['from its first minute', jan(11, '23:00'), undefined],
    ['past midnight, of the day it began', jan(12, '06:59'), undefined],
    ['not at its end', jan(12, '07:00'), 'chat/input'],
    ['not in the night before', jan(11, '06:59'), 'chat/input'],
  ])('by the hour and the day of the week: %s', (_, time, meter) => {
    expect(metersOf(said('u1', { input: 5 }, { time, attributes: { speed: 'slow' } }))?.[0]).toBe(meter);
  });

  test('by an attribute, one of several values, and all that is asked must hold', () => {
    const time = jan(11, '23:30');
    const with_ = (attributes?: Record<string, string>) =>
      metersOf(said('u1', { input: 5 }, { time, ...(attributes ? { attributes } : {}) }));
    expect(with_({ speed: 'any' })).toEqual([]);
    expect(with_({ speed: 'fast' })).toEqual(['chat/input']);
    expect(with_()).toEqual(['chat/input']);
  });

  test('is content: another attribute or tag is a conflict', () => {
    const held = [kept({ input: 5 }, { attributes: { speed: 'slow' }, tags: { team: 'a' } })];
    const again = (more: Partial<UsageRecord>) =>
      given(...account)
        .under(chat)
        .whenReported([said('u1', { input: 5 }, more)], jan(11), { held }).outcomes[0]?.outcome;
    expect(again({ attributes: { speed: 'slow' }, tags: { team: 'a' } })).toBe('duplicate');
    expect(again({ attributes: { speed: 'any' }, tags: { team: 'a' } })).toBe('conflict');
    expect(again({ attributes: { speed: 'slow' }, tags: { team: 'b' } })).toBe('conflict');
  });
});

describe('a correction', () => {
  const correct = (
    now: Record<string, number>,
    quantities: Record<string, number>,
    more: Partial<UsageRecord> = {},
  ) => {
    const calls = Object.values(now).reduce((sum, one) => sum + one, 0);
    const reported = said('u1', now, { calls, ...more });
    return {
      name: 'correct-usage',
      body: { source: '/gateway/1', record: 'u1', quantities, reason: 'r' },
      held: { reported, now: { calls, quantities: now } },
    } as const;
  };
  const used = [
    packs,
    metered(
      jan(10),
      { ...INPUT, free: 100, runs: [[PACK, 400]] },
      { ...OUTPUT, postPaid: 10, runs: [[PACK, 100, 4]], points: 440 },
    ),
  ];

  test('replaces all quantities: those not named are zero; first all that shrink, then all that grow', () => {
    given(...account, ...used)
      .under(chat)
      .when(correct({ input: 500, output: 110 }, { input: 520 }), jan(20))
      .thenLike({
        type: 'UsageCorrected',
        data: {
          from: 610,
          to: 520,
          quantities: { from: { input: 500, output: 110 }, to: { input: 520 } },
          tallies: [
            // Back to the pack go the points that they took.
            { measure: 'output', ...OUTPUT, free: 0, postPaid: -10, runs: [[PACK, -100, 4]], points: -440 },
            { measure: 'input', ...INPUT, free: 0, postPaid: 0, runs: [[PACK, 20]] },
          ],
        },
      });
  });

  test('into a class that is not charged counts as that, though nothing was not charged before', () => {
    const corrected = event('UsageCorrected', jan(20), {
      ...{ source: '/gateway/1', id: 'u1', interface: 'chat/complete', time: '2019-01-10T00:00:00+08:00' },
      ...{
        day: '2019-01-10',
        from: 5,
        to: 7,
        quantities: { from: { input: 5 }, to: { input: 7 } },
        reason: 'r',
      },
      tallies: [{ measure: 'input', month: '2019-01', ...INPUT, free: -5, postPaid: 0, runs: [] }],
    });
    const facts = [...account, metered(jan(10), { ...INPUT, free: 5, postPaid: 0 }), corrected];
    expect(fold(null, facts)?.months['2019-01']?.uncharged).toBe(7);
  });

  test('that would bring the points of a pool above their limit is refused', () => {
    const most = (2 ** 53 - 4) / 4;
    const near = metered(jan(10), { ...OUTPUT, postPaid: most - 1, points: (most - 1) * 4 });
    // Seven points more are within it.
    const to = (output: number) =>
      given(...account, near)
        .under(chat)
        .when(correct({ output: 1 }, { output }), jan(20));
    to(2).thenLike({ type: 'UsageCorrected' });
    to(3).thenRefused('quantity_too_large', { field: 'quantities', most: 2 ** 53 - 1 });
  });

  test('to the quantities that it has nothing changes', () => {
    given(...account, ...used)
      .under(chat)
      .when(correct({ input: 500, output: 110 }, { input: 500, output: 110, context: 500 }), jan(20))
      .thenNothing();
  });

  test('into another class takes the whole record back, then meters it anew', () => {
    given(...account, ...used)
      .under(chat)
      .when(correct({ input: 500, output: 110 }, { input: 128_001, output: 110 }), jan(20))
      .thenLike({
        type: 'UsageCorrected',
        data: {
          tallies: [
            { measure: 'input', meter: 'chat/input', free: -100, runs: [[PACK, -400]] },
            { measure: 'output', meter: 'chat/output', postPaid: -10, runs: [[PACK, -100, 4]] },
            { measure: 'input', meter: 'chat/long-input', postPaid: 128_001 },
            { measure: 'output', meter: 'chat/long-output', postPaid: 110 },
          ],
        },
      });
  });

  test('out of another class in a closed month uses what it gave back, and no more', () => {
    // Night and standard differ in the weight of what goes out: 100 units of two give 200 points back, 50 units of four.
    const night = { time: jan(11, '23:30'), attributes: { speed: 'slow' } };
    const closedMonth = [packs, metered(jan(12), { ...OUTPUT, runs: [[PACK, 100, 2]], points: 200 })];
    const { facts } = given(...account, ...closedMonth)
      .under(chat)
      .when({ name: 'close-month', body: { month: '2019-01' } }, feb(1, '04:00'));
    given(...account, ...closedMonth, ...facts())
      .under(chat)
      .when(correct({ output: 100 }, { output: 100, input: 130_000 }, night), feb(10))
      .thenLike({
        type: 'UsageCorrected',
        data: {
          tallies: [{ runs: [[PACK, -100, 2]] }, { meter: 'chat/long-input' }, { meter: 'chat/long-output' }],
        },
      });
  });

  test('of quantities needs quantities, of calls calls, and of either one of the two', () => {
    const body = { source: '/gateway/1', record: 'u1', reason: 'r' };
    const held = correct({ input: 5 }, {}).held;
    const of = (counts: object) => ({ name: 'correct-usage', body: { ...body, ...counts }, held }) as const;
    const chatting = given(...account, metered(jan(10), { ...INPUT, free: 5 })).under(chat);
    for (const counts of [{}, { calls: 4 }, { calls: 4, quantities: { input: 4 } }])
      chatting.when(of(counts), jan(20)).thenRefused('invalid_request', { field: 'quantities' });
    chatting
      .when(of({ quantities: { inputs: 4 } }), jan(20))
      .thenRefused('invalid_request', { field: 'quantities.inputs' });
    chatting
      .when(of({ quantities: { input: 1_000_000_000_001 } }), jan(20))
      .thenRefused('quantity_too_large', { field: 'quantities.input', most: 1_000_000_000_000 });
  });
});

describe('a bill', () => {
  test('has a line a meter, with its unit, per million', () => {
    const bill = given(...account, metered(jan(10), { ...INPUT, free: 100, postPaid: 1_234_567 }))
      .under(chat)
      .when({ name: 'close-month', body: { month: '2019-01' } }, feb(1, '04:00'))
      .facts()
      .flatMap((fact) => (fact.type === 'MonthClosed' ? [fact.data.bill] : []))[0];
    expect(bill?.lines).toMatchObject([
      {
        meter: 'chat/input',
        unit: { en: 'token' },
        exact: '2.469134',
        amount: '2.47',
        formula: '(1234667 − 100) × 2 ÷ 1000000 = 2.469134',
      },
    ]);
  });
});
