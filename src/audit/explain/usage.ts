/** Breaks down a line's quantities by pool, day and interface, with the events that metered or corrected them. */
import type { Month } from '../../domain/calendar.ts';
import { type Catalogue, indexOf, inForce, productOf } from '../../domain/catalogue.ts';
import type { AccountEvent } from '../../domain/events.ts';
import type { Interface } from '../../domain/price-book.ts';

export interface Paid {
  free: number;
  packs: number;
  postPaid: number;
}

export interface PoolUsage extends Paid {
  readonly pool: string | null;
}

/** An interface's calls of a day. A correction counts on the day of the corrected record. */
export interface DayUsage extends Paid {
  readonly day: string;
  readonly pool: string | null;
  readonly interface: string;
  records: number;
  calls: number;
  /** Revisions of the events behind it. */
  readonly events: number[];
}

export interface LineUsage {
  readonly packs: ReadonlyMap<string, number>;
  readonly pools: readonly PoolUsage[];
  /** Ordered by day, then interface. */
  readonly days: readonly DayUsage[];
  readonly events: readonly number[];
}

interface Working {
  readonly packs: Map<string, number>;
  readonly pools: Map<string, PoolUsage>;
  readonly days: Map<string, DayUsage>;
  readonly events: number[];
}

const empty = (): Working => ({ packs: new Map(), pools: new Map(), days: new Map(), events: [] });

/** An interface in the edition in force in a month; null if it does not have it. */
export const interfaceIn = (catalogue: Catalogue, month: Month, id: string): Interface | null => {
  const edition = inForce(catalogue, productOf(id), month);
  return (edition && indexOf(edition.book).interfaces.get(id)) ?? null;
};

/** Collects a month's usage by meter, event by event in the order of recording. */
export const gatherUsage = (catalogue: Catalogue, month: Month) => {
  const meters = new Map<string, Working>();
  const of = (meter: string): Working => {
    const known = meters.get(meter) ?? empty();
    meters.set(meter, known);
    return known;
  };
  return {
    /** Adds an event; events without calls of the month are ignored. */
    add: (event: AccountEvent, revision: number): void => {
      for (const day of daysOf(event)) {
        if (!day.day.startsWith(month)) continue;
        const found = interfaceIn(catalogue, month, day.interface);
        if (found?.meter) addDay(of(found.meter), day, found.pool, revision);
      }
      for (const tally of talliesOf(event)) {
        if (tally.month !== month) continue;
        const working = of(tally.meter);
        if (working.events.at(-1) !== revision) working.events.push(revision);
        const key = tally.pool ?? '';
        const pool = working.pools.get(key) ?? { pool: tally.pool, free: 0, packs: 0, postPaid: 0 };
        working.pools.set(key, pool);
        pool.free += tally.free;
        pool.postPaid += tally.postPaid;
        for (const [pack, calls] of tally.runs) {
          pool.packs += calls;
          working.packs.set(pack, (working.packs.get(pack) ?? 0) + calls);
        }
      }
    },
    /** The usage of a meter so far. */
    of: (meter: string): LineUsage => {
      const { packs, pools, days, events } = meters.get(meter) ?? empty();
      const order = [...days.keys()].sort();
      return {
        packs: new Map([...packs].filter(([, calls]) => calls !== 0)),
        pools: [...pools.values()],
        days: order.flatMap((key) => days.get(key) ?? []),
        events,
      };
    },
  };
};

/** The tallies of a metering or correction event. */
export const talliesOf = (event: AccountEvent) =>
  event.type === 'CallsMetered'
    ? event.data.tallies
    : event.type === 'UsageCorrected' && event.data.tally
      ? [event.data.tally]
      : [];

interface DaySum extends Paid {
  readonly day: string;
  readonly interface: string;
  readonly records: number;
  readonly calls: number;
}

const daysOf = (event: AccountEvent): readonly DaySum[] => {
  if (event.type === 'CallsMetered') return event.data.usage;
  if (event.type !== 'UsageCorrected') return [];
  const { day, from, to, tally } = event.data;
  const packs = tally?.runs.reduce((sum, [, calls]) => sum + calls, 0) ?? 0;
  const paid = { free: tally?.free ?? 0, packs, postPaid: tally?.postPaid ?? 0 };
  return [{ day, interface: event.data.interface, records: 0, calls: to - from, ...paid }];
};

const addDay = (working: Working, sum: DaySum, pool: string | null, revision: number): void => {
  const key = `${sum.day} ${sum.interface}`;
  const none = { records: 0, calls: 0, free: 0, packs: 0, postPaid: 0 };
  const day: DayUsage = working.days.get(key) ?? {
    day: sum.day,
    pool,
    interface: sum.interface,
    ...none,
    events: [],
  };
  working.days.set(key, day);
  day.records += sum.records;
  day.calls += sum.calls;
  day.free += sum.free;
  day.packs += sum.packs;
  day.postPaid += sum.postPaid;
  if (day.events.at(-1) !== revision) day.events.push(revision);
};
