/** Breaks down a line's quantities by pool, day and interface, with the events that metered or corrected them. */
import { metered, packCalls } from '../../domain/account.ts';
import type { Month } from '../../domain/calendar.ts';
import { type Catalogue, indexOf, inForce, productOf } from '../../domain/catalogue.ts';
import type { Charging, Part } from '../../domain/charging.ts';
import type { AccountEvent, Tally, UsageSum } from '../../domain/events.ts';
import { talliesOf } from '../../domain/usage-sums.ts';

export interface Paid {
  free: number;
  packs: number;
  postPaid: number;
  /** Absent where nothing was waived. */
  waived?: number | undefined;
}

export interface PoolUsage extends Paid {
  readonly pool: string | null;
}

/** An interface's calls of a day. A correction counts on the day of the corrected record. */
export interface DayUsage extends Paid {
  readonly day: string;
  readonly pool: string | null;
  readonly interface: string;
  /** Of an interface with several quantities, the one that is counted here. */
  readonly measure?: string | undefined;
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
  /** Classes of the records of which something is neither free nor paid by packs, by `unpaidKey`. */
  readonly unpaid: ReadonlyMap<string, ReadonlySet<string>>;
  readonly events: readonly number[];
}

interface Working {
  readonly packs: Map<string, number>;
  readonly pools: Map<string, PoolUsage>;
  readonly days: Map<string, DayUsage>;
  readonly unpaid: Map<string, Set<string>>;
  readonly events: number[];
}

/** An interface, and the measure of one that has measures. */
export const unpaidKey = (of: {
  readonly interface: string;
  readonly measure?: string | undefined;
}): string => `${of.interface} ${of.measure ?? ''}`;

const empty = (): Working => ({
  packs: new Map(),
  pools: new Map(),
  days: new Map(),
  unpaid: new Map(),
  events: [],
});

/** How an interface charges in the edition in force in a month; null if it does not have it. */
export const chargingIn = (catalogue: Catalogue, month: Month, id: string): Charging | null => {
  const edition = inForce(catalogue, productOf(id), month);
  return (edition && indexOf(edition.book).chargings.get(id)) ?? null;
};

/** Where the units of a sum went: the part of its class that has its measure. */
export const partIn = (
  catalogue: Catalogue,
  month: Month,
  { interface: id, measure, class: of }: Pick<UsageSum, 'interface' | 'measure' | 'class'>,
): Part | null => {
  const classes = chargingIn(catalogue, month, id)?.classes ?? [];
  const own = of === undefined ? classes[0] : classes.find((one) => one.id === of);
  return own?.parts.find((part) => part.measure === (measure ?? null)) ?? null;
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
      if (event.type === 'CallsMetered')
        for (const sum of event.data.usage) {
          if (!sum.day.startsWith(month)) continue;
          const part = partIn(catalogue, month, sum);
          if (!part?.meter) continue;
          const working = of(part.meter);
          addDay(working, sum, part.pool, revision);
          if (sum.class !== undefined && sum.postPaid + (sum.waived ?? 0) > 0) {
            const classes = working.unpaid.get(unpaidKey(sum)) ?? new Set();
            working.unpaid.set(unpaidKey(sum), classes.add(sum.class));
          }
        }
      if (event.type === 'UsageCorrected' && event.data.day.startsWith(month))
        for (const tally of event.data.tallies) {
          const { day, interface: id } = event.data;
          addDay(of(tally.meter), changeOf(tally, day, id), tally.pool, revision);
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
        if (tally.waived) pool.waived = (pool.waived ?? 0) + tally.waived;
        for (const [pack, calls] of tally.runs) {
          pool.packs += calls;
          working.packs.set(pack, (working.packs.get(pack) ?? 0) + calls);
        }
      }
    },
    /** The usage of a meter so far. */
    of: (meter: string): LineUsage => {
      const { packs, pools, days, unpaid, events } = meters.get(meter) ?? empty();
      const order = [...days.keys()].sort();
      return {
        packs: new Map([...packs].filter(([, calls]) => calls !== 0)),
        pools: [...pools.values()],
        days: order.flatMap((key) => days.get(key) ?? []),
        unpaid,
        events,
      };
    },
  };
};

type DaySum = Omit<UsageSum, 'class'>;

/** What a correction changes on the day of its record, in one place. */
const changeOf = (tally: Tally, day: string, id: string): DaySum => ({
  day,
  interface: id,
  ...(tally.measure === undefined ? {} : { measure: tally.measure }),
  records: 0,
  calls: metered(tally),
  free: tally.free,
  packs: packCalls(tally),
  postPaid: tally.postPaid,
  ...(tally.waived ? { waived: tally.waived } : {}),
});

const addDay = (working: Working, sum: DaySum, pool: string | null, revision: number): void => {
  const key = `${sum.day} ${sum.interface} ${sum.measure ?? ''}`;
  const none = { records: 0, calls: 0, free: 0, packs: 0, postPaid: 0 };
  const day: DayUsage = working.days.get(key) ?? {
    day: sum.day,
    pool,
    interface: sum.interface,
    ...(sum.measure === undefined ? {} : { measure: sum.measure }),
    ...none,
    events: [],
  };
  working.days.set(key, day);
  day.records += sum.records;
  day.calls += sum.calls;
  day.free += sum.free;
  day.packs += sum.packs;
  day.postPaid += sum.postPaid;
  if (sum.waived) day.waived = (day.waived ?? 0) + sum.waived;
  if (day.events.at(-1) !== revision) day.events.push(revision);
};
