/**
 * Nothing is lost and nothing counted twice (price-books.md): of each record and measure quantity = free + packs +
 * post-paid + waived, or it is not charged; of each pack size = used + left, in points; the places of a month hold what
 * its records say now. Through any reports, corrections (into other classes too), switches, closes and expiries, in any
 * order, under books drawn at random. Who is in which class is worked out here again, from the book's text.
 */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Account,
  type Counted,
  freePoints,
  type Group,
  groupKey,
  isPostPaidOff,
  metered,
  meteredPoints,
  packCalls,
} from '../../src/domain/account.ts';
import { calendarOf, nextMonth } from '../../src/domain/calendar.ts';
import { type AccountCommand, decide } from '../../src/domain/decide.ts';
import type { AccountEvent, CallsMetered, EventOf } from '../../src/domain/events.ts';
import { evolve } from '../../src/domain/evolve.ts';
import { meterUsage } from '../../src/domain/meter-usage.ts';
import { exact } from '../../src/domain/money.ts';
import { nextToClose } from '../../src/domain/next-close.ts';
import type { Destination, PriceBook, TimeOfDay } from '../../src/domain/price-book.ts';
import { bookProblems } from '../../src/domain/price-book-problems.ts';
import { paymentOf, type RecordLine, recordOf } from '../../src/domain/record-line.ts';
import type { UsageRecord } from '../../src/domain/usage.ts';
import { catalogueOf } from '../domain/books.ts';
import { runs } from '../support/proof.ts';
import { drawnBooks, OWN, PRODUCT, SHARED, SPEEDS } from './drawn-books.ts';

const ZONE = 'Asia/Shanghai';
const CALENDAR = calendarOf(ZONE);
const HOUR = 3_600_000;
const START = Date.parse('2019-01-01T00:00:00+08:00');
const DEPOSIT = '100000000';

const count = fc.oneof({ weight: 3, arbitrary: fc.nat(12) }, fc.nat(60));
const quantities = fc.record({ a: count, b: count, c: count }, { requiredKeys: ['a'] });
const usage = fc.record({
  interface: fc.constantFrom('toy/call', 'toy/call', 'toy/call', 'toy/count', 'toy/own-count'),
  quantities,
  speed: fc.option(fc.constantFrom(...SPEEDS)),
  hoursAgo: fc.oneof(fc.nat(30), fc.nat(24 * 70)),
});
const step = fc.record({
  hours: fc.oneof(
    { weight: 6, arbitrary: fc.nat(72) },
    { weight: 2, arbitrary: fc.nat(24 * 40) },
    fc.constant(24 * 300),
  ),
  what: fc.oneof(
    { weight: 6, arbitrary: fc.record({ report: fc.array(usage, { minLength: 1, maxLength: 4 }) }) },
    { weight: 6, arbitrary: fc.record({ correct: fc.nat(), quantities, now: fc.boolean() }) },
    {
      weight: 3,
      arbitrary: fc.record({
        pool: fc.constantFrom(SHARED, OWN),
        size: fc.constantFrom(10, 25),
        quantity: fc.integer({ min: 1, max: 3 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ close: fc.constant(true) }) },
    { weight: 3, arbitrary: fc.record({ postPaid: fc.constantFrom('on', 'off') }) },
  ),
});
const life = fc.record({ books: drawnBooks, steps: fc.array(step, { minLength: 4, maxLength: 24 }) });
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A record as it was first kept, and what it says now. */
interface Held {
  readonly reported: UsageRecord;
  now: Pick<UsageRecord, 'calls' | 'quantities'>;
}

/** A place, and what the records in it come to. */
interface Expected {
  units: number;
  points: number;
}

/** The account, driven; what it was told beside it. */
class Life {
  readonly #books: readonly [PriceBook, PriceBook];
  readonly #catalogue: ReturnType<typeof catalogueOf>;
  now = START;
  readonly held: Held[] = [];
  wasOff = false;
  #account: Account | null = null;

  constructor(books: readonly [PriceBook, PriceBook]) {
    this.#books = books;
    this.#catalogue = catalogueOf(...books);
    this.does({ name: 'open-account', account: 'acme' });
    this.does({ name: 'activate-service', body: { product: PRODUCT } });
    this.does({ name: 'deposit', body: { amount: DEPOSIT, reference: 'all' }, earlier: null });
  }

  get account(): Account {
    if (!this.#account) throw new Error('opened');
    return this.#account;
  }

  does(command: AccountCommand): readonly AccountEvent[] {
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const head = { stream: 'account-acme', from: 0, to: 0, head: '' };
    const context = { at: this.now, calendar: CALENDAR, catalogue: this.#catalogue, head, sha256 };
    const done: AccountEvent[] = [];
    const decides = (one: AccountCommand) => {
      const decision = decide(this.#account, one, context);
      if (decision.outcome === 'refused')
        throw new Error(`${one.name}: ${decision.refusal.code} ${decision.refusal.detail}`);
      for (const event of decision.events) this.#account = evolve(this.#account, event);
      done.push(...decision.events);
      return decision.events.length;
    };
    if (this.#account) while (decides({ name: 'pass-time' }) > 0);
    decides(command);
    return done;
  }

  /** Reports, and whether each was paid for as a whole. */
  reports(records: readonly UsageRecord[]): void {
    this.does({ name: 'pass-time' });
    const before = this.account;
    const { event, accepted, outcomes } = meterUsage(before, {
      ...{ at: this.now, calendar: CALENDAR, catalogue: this.#catalogue, records },
      seen: () => undefined,
    });
    expect(outcomes.filter(({ outcome }) => outcome !== 'accepted')).toEqual([]);
    if (!event) return;
    this.#account = evolve(before, event);
    for (const reported of accepted)
      this.held.push({ reported, now: { calls: reported.calls, ...quantitiesOf(reported) } });
    this.#paid(before, event, accepted);
  }

  /** Free units as far as the allowance goes, then packs that live and lead there, and the rest where no such pack is left. */
  #paid(before: Account, { data, lines = [] }: EventOf<'CallsMetered'>, accepted: readonly UsageRecord[]) {
    const sums = { free: 0, packs: 0, rest: 0 };
    const grants = new Map<string, number>();
    for (const [i, text] of lines.entries()) {
      const line = JSON.parse(text) as RecordLine;
      const record = recordOf(data as CallsMetered, Date.parse(data.base), line);
      expect(record).toEqual(accepted[i]);
      const payment = paymentOf(data, line);
      let open = 0;
      for (const [measure, units, { pool, meter, weight = 1 }] of this.partsOf(record)) {
        const part = payment.parts.find((one) => one.measure === measure);
        const { free = 0, runs = [] } = part ?? {};
        if (meter === null || units === 0) {
          expect([free, runs]).toEqual([0, []]);
          continue;
        }
        const key = this.#grantKey(pool, record.time);
        const left = grants.get(key) ?? this.#freeLeft(before, pool, record.time);
        expect(free).toBe(Math.min(units, Math.floor(left / weight)));
        grants.set(key, left - free * weight);
        if (free > 0) expect(part?.weight).toBe(weight);
        const usable = this.#usable(before, measure, record);
        for (const [pack, , heavy = 1] of runs) expect(usable.get(pack)).toBe(heavy);
        const rest = units - free - packCalls({ runs });
        expect(rest).toBeGreaterThanOrEqual(0);
        // Packs only lose points in a batch: one that had enough after it would have paid.
        if (rest > 0)
          for (const { pack, left } of this.account.packs)
            expect(left).toBeLessThan(usable.get(pack) ?? Number.POSITIVE_INFINITY);
        sums.free += free;
        sums.packs += packCalls({ runs });
        open += rest;
      }
      sums.rest += open;
      expect(payment.waived).toBe(open > 0 && isPostPaidOff(before, PRODUCT, record.time));
    }
    const tallied = { free: 0, packs: 0, rest: 0 };
    for (const tally of data.tallies) {
      tallied.free += tally.free;
      tallied.packs += packCalls(tally);
      tallied.rest += tally.postPaid + (tally.waived ?? 0);
    }
    expect(tallied).toEqual(sums);
  }

  #grantKey(pool: string | null, time: number): string {
    const day = CALENDAR.dayOf(time);
    const month = day.slice(0, 7);
    return `${pool} ${this.#poolOf(month, pool)?.allowance?.every === 'day' ? day : month}`;
  }

  #freeLeft({ months }: Account, pool: string | null, time: number): number {
    const month = CALENDAR.monthOf(time);
    const used = Object.values(months[month]?.groups ?? {}).filter(
      (group) => group.pool === pool && this.#grantKey(pool, time) === `${pool} ${group.day ?? month}`,
    );
    return this.allowanceOf(month, pool) - used.reduce((sum, group) => sum + freePoints(group), 0);
  }

  /** The packs that may pay for a measure of a record, and the points that a unit takes of each. */
  #usable({ packs, lastClosed }: Account, measure: string | null, record: UsageRecord) {
    const weights = new Map<string, number>();
    if (lastClosed !== null && CALENDAR.monthOf(record.time) <= lastClosed) return weights;
    for (const { pack, pool, edition, purchasedAt, expiresAt } of packs) {
      if (record.time < purchasedAt || record.time >= expiresAt) continue;
      const [book] = this.#books.filter((one) => one.edition === edition);
      const [, , to] = (book ? partsIn(book, record) : []).find(([id]) => id === measure) ?? [];
      if (to?.pool === pool) weights.set(pack, to.weight ?? 1);
    }
    return weights;
  }

  /** What a correction takes back: the side of the record's own time, then the other, then packs, then free units. */
  shrinks(before: Account, { data }: EventOf<'UsageCorrected'>): void {
    const isOff = isPostPaidOff(before, PRODUCT, Date.parse(data.time));
    const [first, second] = isOff ? ([1, 0] as const) : ([0, 1] as const);
    const left = new Map<string, Sides>();
    for (const tally of data.tallies) {
      const key = groupKey(tally);
      const had = left.get(key) ?? sidesOf(before.months[tally.month]?.groups[key]);
      const more = sidesOf(tally);
      const has: Sides = [had[0] + more[0], had[1] + more[1], had[2] + more[2], had[3] + more[3]];
      left.set(key, has);
      const [postPaid, waived, packs] = has;
      if (more[second] < 0) expect(has[first]).toBe(0);
      if (more[2] < 0) expect([postPaid, waived]).toEqual([0, 0]);
      if (more[3] < 0) expect([postPaid, waived, packs]).toEqual([0, 0, 0]);
    }
  }

  /** The parts of a record: its measure, units, and where its class leads in the edition in force. */
  partsOf(record: UsageRecord) {
    const [first, second] = this.#books;
    return partsIn(CALENDAR.monthOf(record.time) < second.effectiveFrom ? first : second, record);
  }

  /** What each place should hold, by month and key; what is not charged under `uncharged`. */
  expected(): ReadonlyMap<string, Expected> {
    const places = new Map<string, Expected>();
    for (const { reported, now } of this.held) {
      const day = CALENDAR.dayOf(reported.time);
      const month = day.slice(0, 7);
      for (const [, units, { pool, meter, weight = 1 }] of this.partsOf({ ...reported, ...now })) {
        const every = this.#poolOf(month, pool)?.allowance?.every;
        const key = JSON.stringify([
          month,
          meter === null ? null : [pool, meter, every === 'day' ? day : null],
        ]);
        const sum = places.get(key) ?? { units: 0, points: 0 };
        places.set(key, {
          units: sum.units + units,
          points: sum.points + (meter === null ? units : units * weight),
        });
      }
    }
    return new Map([...places].filter(([, { units }]) => units > 0));
  }

  #poolOf(month: string, id: string | null) {
    const [first, second] = this.#books;
    return (month < second.effectiveFrom ? first : second).pools.find((pool) => pool.id === id);
  }

  allowanceOf(month: string, id: string | null): number {
    return this.#poolOf(month, id)?.allowance?.calls ?? (id === null ? 0 : this.#books[0].allowance.calls);
  }
}

type Sides = readonly [postPaid: number, waived: number, packs: number, free: number];

const sidesOf = (counted?: Counted): Sides =>
  counted ? [counted.postPaid, counted.waived ?? 0, packCalls(counted), counted.free] : [0, 0, 0, 0];

const partsIn = (
  book: PriceBook,
  record: UsageRecord,
): (readonly [measure: string | null, units: number, to: Destination])[] => {
  const of = book.interfaces.find(({ id }) => id === record.interface);
  if (!of) throw new Error(record.interface);
  if (!('measures' in of)) return [[null, record.calls, { pool: of.pool, meter: of.meter }]];
  const q: Record<string, number> = { a: 0, b: 0, c: 0, ...record.quantities };
  const all = (q['a'] ?? 0) + (q['b'] ?? 0) + (q['c'] ?? 0);
  const found = of.charges.find(({ when = {} }) => {
    const { quantities = [], time, attributes = {} } = when;
    return (
      quantities.every(({ of, above, upTo }) => {
        const n = of === 'all' ? all : (q[of] ?? 0);
        return n > above && n <= (upTo ?? Number.POSITIVE_INFINITY);
      }) &&
      (!time || isWithin(time, record.time)) &&
      Object.entries(attributes).every(([name, values]) =>
        values.includes(record.attributes?.[name] ?? 'none'),
      )
    );
  });
  return of.measures.map(({ id }) => [id, q[id] ?? 0, found?.to[id] ?? { pool: null, meter: null }]);
};

const quantitiesOf = ({ quantities }: UsageRecord) => (quantities ? { quantities } : {});

/** In Shanghai, eight hours ahead all year. */
const isWithin = ({ days, from, to }: TimeOfDay, instant: number): boolean => {
  const local = new Date(instant + 8 * HOUR);
  const minutes = local.getUTCHours() * 60 + local.getUTCMinutes();
  const [start, end] = [from, to].map((text) => {
    const [hours = 0, rest = 0] = text.split(':').map(Number);
    return hours * 60 + rest;
  }) as [number, number];
  const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
  const today = local.getUTCDay();
  const began = end > start || minutes >= start ? today : (today + 6) % 7;
  const isIn = end > start ? start <= minutes && minutes < end : minutes >= start || minutes < end;
  return isIn && (!days || days.includes(names[began] as (typeof names)[number]));
};

const taken = (life: Life, { hours, what }: Step, n: number): void => {
  life.now += hours * HOUR;
  if ('report' in what) {
    life.reports(
      what.report.map(({ interface: id, quantities, speed, hoursAgo }, i) => {
        const time = Math.max(START, life.now - hoursAgo * HOUR);
        const head = { source: '/gateway', id: `u${n}-${i}`, interface: id, time, submitted: null };
        if (id !== 'toy/call') return { ...head, calls: 1 + (quantities.a ?? 0) };
        return { ...head, calls: 0, quantities, ...(speed === null ? {} : { attributes: { speed } }) };
      }),
    );
  } else if ('correct' in what) {
    const held = life.held[what.correct % life.held.length];
    if (!held) return;
    const { source, id } = held.reported;
    const counts = held.reported.quantities
      ? { quantities: what.quantities }
      : { calls: 1 + (what.quantities.a ?? 0) };
    const body = { source, record: id, reason: 'r', ...counts };
    const before = life.account;
    const events = life.does({ name: 'correct-usage', body, held });
    const corrected = events.find((event) => event.type === 'UsageCorrected');
    if (corrected?.type !== 'UsageCorrected') return;
    life.shrinks(before, corrected);
    const { to, quantities } = corrected.data;
    held.now = { calls: to, ...(quantities ? { quantities: quantities.to } : {}) };
  } else if ('pool' in what) {
    life.does({ name: 'buy-packs', body: what });
  } else if ('close' in what) {
    closes(life);
  } else {
    life.wasOff ||= what.postPaid === 'off';
    life.does({ name: 'switch-post-paid', body: { product: PRODUCT, postPaid: what.postPaid } });
  }
};

/** Closes the next month, if it is over. */
const closes = (life: Life): boolean => {
  const month = nextToClose(life.account, CALENDAR);
  if (life.now < CALENDAR.startOf(nextMonth(month))) return false;
  life.does({ name: 'close-month', body: { month } });
  return true;
};

const conserved = (life: Life): void => {
  const { account } = life;
  const expected = new Map(life.expected());
  const used = new Map<string, number>();
  const free = new Map<string, { points: number; most: number }>();
  for (const [month, { groups, uncharged = 0 }] of Object.entries(account.months)) {
    const none = JSON.stringify([month, null]);
    expect(uncharged).toBe(expected.get(none)?.units ?? 0);
    expected.delete(none);
    for (const group of Object.values(groups)) {
      sound(group);
      const { pool, meter, day = null } = group;
      const key = JSON.stringify([month, [pool, meter, day]]);
      expect({ units: metered(group), points: meteredPoints(group) }, key).toEqual(
        expected.get(key) ?? { units: 0, points: 0 },
      );
      expected.delete(key);
      for (const [pack, units, weight = 1] of group.runs)
        used.set(pack, (used.get(pack) ?? 0) + units * weight);
      const grant = JSON.stringify([month, pool, day]);
      const points = (free.get(grant)?.points ?? 0) + freePoints(group);
      free.set(grant, { points, most: life.allowanceOf(month, pool) });
    }
  }
  expect([...expected]).toEqual([]);
  for (const { points, most } of free.values()) expect(points).toBeLessThanOrEqual(most);
  for (const { pack, size, left } of account.packs) {
    expect(left).toBeGreaterThanOrEqual(0);
    expect((used.get(pack) ?? 0) + left).toBe(size);
  }
};

/** No side of a group is below zero, or says another sum than its parts. */
const sound = ({ free, postPaid, waived, runs, freeRuns }: Group): void => {
  for (const side of [free, postPaid]) expect(side).toBeGreaterThanOrEqual(0);
  if (waived !== undefined) expect(waived).toBeGreaterThan(0);
  for (const [, units] of runs) expect(units).toBeGreaterThan(0);
  if (freeRuns) expect(freeRuns.reduce((sum, [units]) => sum + units, 0)).toBe(free);
};

/** All months closed, what was billed is what the places hold, and the balance is what is left of the deposit. */
const billed = (life: Life): void => {
  life.now += 24 * 62 * HOUR;
  while (closes(life));
  const { account } = life;
  let spent = exact(0);
  for (const { price } of account.packs) spent = spent.plus(price);
  for (const { groups, closed } of Object.values(account.months)) {
    const calls = new Map<string, number>();
    for (const group of Object.values(groups))
      calls.set(group.meter, (calls.get(group.meter) ?? 0) + metered(group));
    for (const [meter, { calls: told, amount }] of Object.entries(closed?.billed ?? {})) {
      expect(told).toBe(calls.get(meter) ?? 0);
      calls.delete(meter);
      spent = spent.plus(amount);
    }
    expect([...calls].filter(([, n]) => n > 0)).toEqual([]);
  }
  expect(exact(DEPOSIT).minus(spent).equals(account.total)).toBe(true);
};

test('drawn books are sound', () => {
  fc.assert(
    fc.property(drawnBooks, (books) => {
      expect(books.map(bookProblems)).toEqual([[], []]);
    }),
    { numRuns: 50, seed: 16 },
  );
});

test('every unit is somewhere once, and every point of a pack', { timeout: 3_600_000 }, () => {
  fc.assert(
    fc.property(life, ({ books, steps }) => {
      const one = new Life(books);
      for (const [n, each] of steps.entries()) {
        taken(one, each, n);
        conserved(one);
      }
      billed(one);
      if (!one.wasOff && books[0].postPaid !== 'off')
        for (const { groups } of Object.values(one.account.months))
          for (const group of Object.values(groups)) expect(group.waived).toBeUndefined();
    }),
    { numRuns: runs('conservation of units and points, books at random', 120, 10_000), seed: 17 },
  );
});
