/**
 * How an interface charges for a record: the record has parts, one for each measure, and its class says into which pool
 * and meter the units of each go, at which weight (price-books.md, "Several quantities in one call"). An interface that
 * counts calls is the simplest case: one measure without a name, and one class.
 */
import type { Calendar } from './calendar.ts';
import { holds } from './condition.ts';
import type { Condition, Interface, MeasuredInterface, Name, Pool, PriceBook, Total } from './price-book.ts';
import { quantityIn, type UsageRecord } from './usage.ts';

/** Where the units of one measure go. */
export interface Part {
  /** Null: the interface's only count. */
  readonly measure: string | null;
  readonly unit: Name | null;
  readonly pool: string | null;
  /** Null: not charged. */
  readonly meter: string | null;
  /** Points of the pool that one unit takes. */
  readonly weight: number;
  /** The pool serves several meters. */
  readonly shared: boolean;
  /** The pool's allowance is one of each day. */
  readonly daily: boolean;
}

export interface ChargeClass {
  /** Null: the interface has only one. */
  readonly id: string | null;
  readonly name: Name | null;
  readonly when: Condition | null;
  /** In the order of the book's measures. */
  readonly parts: readonly Part[];
}

export interface Charging {
  readonly interface: Interface;
  readonly totals: readonly Total[];
  readonly classes: readonly ChargeClass[];
}

/** Whether records of an interface have several quantities. */
export const isMeasured = (one: Interface): one is MeasuredInterface => 'measures' in one;

/** How each interface of a book charges, by id. */
export const chargings = (book: PriceBook): ReadonlyMap<string, Charging> => {
  const pools = new Map(book.pools.map((pool) => [pool.id, pool]));
  return new Map(book.interfaces.map((one) => [one.id, chargingOf(one, pools)]));
};

const chargingOf = (one: Interface, pools: ReadonlyMap<string, Pool>): Charging => {
  const poolOf = (id: string | null) => {
    const pool = id === null ? undefined : pools.get(id);
    return {
      pool: id,
      shared: pool !== undefined && pool.meter === undefined,
      daily: pool?.allowance?.every === 'day',
    };
  };
  if (!isMeasured(one)) {
    const { meter, unit = null } = one;
    const part: Part = { measure: null, unit, meter, weight: 1, ...poolOf(one.pool) };
    return {
      interface: one,
      totals: [],
      classes: [{ id: null, name: null, when: null, parts: [part] }],
    };
  }
  const classes = one.charges.map(({ id, name, when = null, to }) => ({
    id,
    name,
    when,
    parts: one.measures.map(({ id: measure, unit }): Part => {
      const { pool = null, meter = null, weight = 1 } = Object.hasOwn(to, measure) ? (to[measure] ?? {}) : {};
      return { measure, unit, meter, weight, ...poolOf(pool) };
    }),
  }));
  return { interface: one, totals: one.totals ?? [], classes };
};

/** The class of a record: the first whose condition holds. */
export const classOf = (charging: Charging, record: UsageRecord, calendar: Calendar): ChargeClass => {
  const { classes } = charging;
  const found =
    classes.length === 1
      ? classes[0]
      : classes.find(({ when }) => when === null || holds(when, record, charging.totals, calendar));
  if (!found) throw new Error(`${record.interface} has no class without a condition`);
  return found;
};

/** The units of a measure in a record. */
export const unitsOf = (record: UsageRecord, measure: string | null): number => {
  if (measure === null) return record.calls;
  return record.quantities ? quantityIn(record.quantities, measure) : 0;
};
