/**
 * The order of deduction (rules.md, section 3): free allowance → packs → post-paid. `Payers` is a working copy of the
 * parts of an account that metering changes; the account itself is not modified.
 */
import {
  type Account,
  type FreeRun,
  groupKey,
  isClosed,
  isPostPaidOff,
  type PackRun,
  type Place,
} from './account.ts';
import { granted, usedFree } from './allowance.ts';
import type { Day, Month } from './calendar.ts';
import { indexOf, inForce } from './catalogue.ts';
import { type ChargeClass, type Charging, classOf, type Part, unitsOf } from './charging.ts';
import type { BillingContext } from './context.ts';
import type { Tally } from './events.ts';
import { PackSupply } from './pack-supply.ts';
import type { PriceBook } from './price-book.ts';
import type { Payment, UsageRecord } from './usage.ts';

/** An interface in the edition in force in a month. */
export interface Charge {
  readonly book: PriceBook;
  readonly charging: Charging;
  readonly month: Month;
}

/** Where the units of a part of a record go. */
export interface Paying {
  readonly charge: Charge;
  readonly part: Part;
  readonly record: UsageRecord;
  readonly day: Day;
}

interface Open {
  readonly place: Place;
  readonly month: Month;
  readonly closed: boolean;
  readonly grant: Grant;
  units: number;
  points: number;
  free: number;
  /** Null while each free unit took one point. */
  freeRuns: FreeRun[] | null;
  postPaid: number;
  waived: number;
  readonly runs: PackRun[];
}

/** What is left of a pool's allowance, in points; shared by the meters of the pool. */
interface Grant {
  left: number;
}

const NOTHING_PAID: Payment = { free: 0, runs: [] };

/** A mutable working copy for one batch or correction; `tallies` returns the result. */
export class Payers {
  readonly #account: Account;
  readonly #context: BillingContext;
  readonly #charges = new Map<Month, Map<string, Charge | null>>();
  readonly #open = new Map<Month, Map<string, Open>>();
  readonly #grants = new Map<string, Grant>();
  readonly #packs: PackSupply;

  /** `returned`: points by pack that may be used in any month, at any time (see `PackSupply`). */
  constructor(account: Account, context: BillingContext, returned?: Map<string, number>) {
    this.#account = account;
    this.#context = context;
    this.#packs = new PackSupply(account.packs, context, returned);
  }

  /** The charge of an interface in a month; undefined if the edition in force does not have the interface. */
  charge(id: string, month: Month): Charge | undefined {
    let known = this.#charges.get(month);
    if (!known) {
      known = new Map();
      this.#charges.set(month, known);
    }
    let charge = known.get(id);
    if (charge === undefined) {
      const slash = id.indexOf('/');
      const edition = slash < 0 ? undefined : inForce(this.#context.catalogue, id.slice(0, slash), month);
      const charging = edition && indexOf(edition.book).chargings.get(id);
      charge = edition && charging ? { book: edition.book, charging, month } : null;
      known.set(id, charge);
    }
    return charge ?? undefined;
  }

  /** The class of a record. */
  classOf(charge: Charge, record: UsageRecord): ChargeClass {
    return classOf(charge.charging, record, this.#context.calendar);
  }

  /** Deducts units of a record's part from allowance and packs; the rest is post-paid, or waived. */
  take(paying: Paying, units = unitsOf(paying.record, paying.part.measure)): Payment {
    const { charge, part, record } = paying;
    const { meter, weight } = part;
    if (meter === null || units === 0) return NOTHING_PAID;
    const open = this.#group(paying, meter);
    open.units += units;
    open.points += units * weight;
    const free = Math.min(units, weight === 1 ? open.grant.left : Math.floor(open.grant.left / weight));
    if (free > 0) addFree(open, free, weight);
    let unpaid = units - free;
    if (unpaid === 0) return { free, runs: NOTHING_PAID.runs };
    const runs = this.#packs.take({ part, record, isClosed: open.closed }, unpaid);
    for (const [pack, taken, heavy] of runs) {
      addRun(open.runs, pack, taken, heavy);
      unpaid -= taken;
    }
    if (isPostPaidOff(this.#account, charge.book.product, record.time)) open.waived += unpaid;
    else open.postPaid += unpaid;
    return { free, runs };
  }

  /** Everything taken so far, by month and place, in the order of first use. */
  tallies(): Tally[] {
    const tallies: Tally[] = [];
    for (const groups of this.#open.values())
      for (const { place, month, units, points, free, freeRuns, postPaid, waived, runs } of groups.values()) {
        if (units === 0) continue;
        tallies.push({
          month,
          ...place,
          free,
          postPaid,
          runs,
          ...(waived > 0 ? { waived } : {}),
          ...(freeRuns ? { freeRuns } : {}),
          ...(points === units ? {} : { points }),
        });
      }
    return tallies;
  }

  #group(paying: Paying, meter: string): Open {
    const { month } = paying.charge;
    let groups = this.#open.get(month);
    if (!groups) {
      groups = new Map();
      this.#open.set(month, groups);
    }
    const place = placeOf(paying, meter);
    const key = groupKey(place);
    let open = groups.get(key);
    if (!open) {
      open = {
        place,
        month,
        closed: isClosed(this.#account, month),
        grant: this.#grant(paying, place),
        ...{ units: 0, points: 0, free: 0, freeRuns: null, postPaid: 0, waived: 0 },
        runs: [],
      };
      groups.set(key, open);
    }
    return open;
  }

  /** What is left of the allowance of a place's pool. */
  #grant({ charge: { book, month } }: Paying, place: Place): Grant {
    const { pool, day } = place;
    if (pool === null) return { left: 0 };
    const key = `${pool} ${day ?? month}`;
    let grant = this.#grants.get(key);
    if (!grant) {
      const all = granted(this.#account, this.#context.calendar, book, month, pool);
      const used = usedFree(this.#account.months[month], place);
      grant = { left: Math.max(0, all - used) };
      this.#grants.set(key, grant);
    }
    return grant;
  }
}

/** Where units of a record's part are counted. */
export const placeOf = (
  { charge: { book }, part: { pool, shared, daily }, day }: Omit<Paying, 'record'>,
  meter: string,
): Place => ({
  product: book.product,
  meter,
  pool,
  ...(shared ? { shared } : {}),
  ...(daily ? { day } : {}),
});

const addFree = (open: Open, units: number, weight: number): void => {
  open.grant.left -= units * weight;
  if (weight > 1 && !open.freeRuns) open.freeRuns = open.free > 0 ? [[open.free, 1]] : [];
  open.free += units;
  if (!open.freeRuns) return;
  const last = open.freeRuns.at(-1);
  if (last && last[1] === weight) open.freeRuns[open.freeRuns.length - 1] = [last[0] + units, weight];
  else open.freeRuns.push([units, weight]);
};

/** Appends a run, or adds its units to the last run if that is of the same pack and weight. */
export const addRun = (runs: PackRun[], pack: string, units: number, weight?: number): void => {
  const last = runs.at(-1);
  const [before, place] =
    last && last[0] === pack && last[2] === weight ? [last[1], runs.length - 1] : [0, runs.length];
  runs[place] = weight === undefined ? [pack, before + units] : [pack, before + units, weight];
};
