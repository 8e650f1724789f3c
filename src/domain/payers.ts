/**
 * The order of deduction (rules.md, section 3): free allowance → packs → post-paid. `Payers` is a working copy of the
 * parts of an account that metering changes; the account itself is not modified.
 */
import { type Account, type Group, groupKey, isClosed, type Pack, type PackRun } from './account.ts';
import { granted } from './allowance.ts';
import type { Month } from './calendar.ts';
import { type Catalogue, editionNamed, indexOf, inForce } from './catalogue.ts';
import type { BillingContext } from './context.ts';
import type { Tally } from './events.ts';
import { grouped } from './grouped.ts';
import { FEW, type PackQueue, packQueue } from './pack-queue.ts';
import type { Interface, PriceBook } from './price-book.ts';
import type { Payment, UsageRecord } from './usage.ts';

/** An interface in the edition in force in a month. */
export interface Charge {
  readonly book: PriceBook;
  readonly interface: Interface;
  readonly month: Month;
}

interface Open {
  readonly charge: Charge;
  readonly meter: string;
  readonly closed: boolean;
  freeLeft: number;
  free: number;
  postPaid: number;
  readonly runs: PackRun[];
}

const NOTHING_PAID: Payment = { free: 0, runs: [] };

/** A mutable working copy for one batch or correction; `tallies` returns the result. */
export class Payers {
  readonly #account: Account;
  readonly #context: BillingContext;
  readonly #charges = new Map<Month, Map<string, Charge | null>>();
  readonly #open = new Map<Month, Map<string, Open>>();
  readonly #queues = new Map<string, PackQueue>();
  readonly #shared = new Map<string, PackQueue>();
  /** Usable packs by edition and pool: all packs of one kind pay for the same interfaces. */
  #kinds: Map<string, Pack[]> | null = null;
  readonly #left = new Map<string, number>();

  constructor(account: Account, context: BillingContext) {
    this.#account = account;
    this.#context = context;
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
      const found = edition && indexOf(edition.book).interfaces.get(id);
      charge = edition && found ? { book: edition.book, interface: found, month } : null;
      known.set(id, charge);
    }
    return charge ?? undefined;
  }

  /** Deducts the calls of a record from allowance and packs; the rest is post-paid. */
  take(charge: Charge, record: UsageRecord, calls: number): Payment {
    const { meter } = charge.interface;
    if (meter === null) return NOTHING_PAID;
    const open = this.#group(charge, meter);
    const free = Math.min(calls, open.freeLeft);
    open.freeLeft -= free;
    open.free += free;
    let rest = calls - free;
    if (rest === 0) return { free, runs: NOTHING_PAID.runs };
    const runs: PackRun[] = [];
    if (!open.closed) {
      const queue = this.#queue(record.interface);
      for (let i = queue.next(0, record.time); rest > 0; i = queue.next(i + 1, record.time)) {
        const pack = queue.at(i);
        if (!pack) break;
        // A pack may be in two queues, and used up through the other one.
        const left = this.#left.get(pack.pack) ?? pack.left;
        const taken = Math.min(rest, left);
        if (taken === left) queue.usedUp(i);
        if (taken === 0) continue;
        this.#left.set(pack.pack, left - taken);
        runs.push([pack.pack, taken]);
        addRun(open.runs, pack.pack, taken);
        rest -= taken;
      }
    }
    open.postPaid += rest;
    return { free, runs };
  }

  /** Everything taken so far, by month and group, in the order of first use. */
  tallies(): Tally[] {
    const tallies: Tally[] = [];
    for (const groups of this.#open.values()) {
      for (const { charge, meter, free, postPaid, runs } of groups.values()) {
        if (free === 0 && postPaid === 0 && runs.length === 0) continue;
        const { pool } = charge.interface;
        tallies.push({
          month: charge.month,
          product: charge.book.product,
          meter,
          pool,
          free,
          postPaid,
          runs,
        });
      }
    }
    return tallies;
  }

  #group(charge: Charge, meter: string): Open {
    let groups = this.#open.get(charge.month);
    if (!groups) {
      groups = new Map();
      this.#open.set(charge.month, groups);
    }
    const key = groupKey(charge.interface.pool, meter);
    let open = groups.get(key);
    if (!open) {
      const kept: Group | undefined = this.#account.months[charge.month]?.groups[key];
      const grant =
        charge.interface.pool === null
          ? 0
          : granted(this.#account, this.#context.calendar, charge.book, charge.month);
      const freeLeft = Math.max(0, grant - (kept?.free ?? 0));
      const closed = isClosed(this.#account, charge.month);
      open = { charge, meter, closed, freeLeft, free: 0, postPaid: 0, runs: [] };
      groups.set(key, open);
    }
    return open;
  }

  /** The packs that may pay for an interface. Interfaces with the same packs share a queue. */
  #queue(id: string): PackQueue {
    const known = this.#queues.get(id);
    if (known) return known;
    if (this.#account.packs.length <= FEW) return this.#own(id);
    this.#kinds ??= grouped(
      this.#account.packs.filter((pack) => pack.left > 0),
      ({ edition, pool }) => `${edition} ${pool}`,
    );
    const kinds = [...this.#kinds].filter(
      ([, [first]]) => first !== undefined && paysFor(this.#context.catalogue, first, id),
    );
    const shared = kinds.map(([kind]) => kind).join('\n');
    const queue = this.#shared.get(shared) ?? packQueue(kinds.flatMap(([, packs]) => packs));
    this.#shared.set(shared, queue);
    this.#queues.set(id, queue);
    return queue;
  }

  /** For an account with few packs: those of one interface, without grouping by kind. */
  #own(id: string): PackQueue {
    const packs = this.#account.packs.filter(
      (pack) => pack.left > 0 && paysFor(this.#context.catalogue, pack, id),
    );
    const queue = packQueue(packs);
    this.#queues.set(id, queue);
    return queue;
  }
}

/** A pack pays for the interfaces that its pool had in the edition it was bought under (rules.md, section 2). */
export const paysFor = (catalogue: Catalogue, pack: Pack, id: string): boolean => {
  if (!id.startsWith(`${pack.product}/`)) return false;
  const edition = editionNamed(catalogue, pack.product, pack.edition);
  return edition !== undefined && indexOf(edition.book).covered.get(pack.pool)?.has(id) === true;
};

/** Appends a run, or adds its calls to the last run if that is of the same pack. */
export const addRun = (runs: PackRun[], pack: string, calls: number): void => {
  const last = runs.at(-1);
  if (last && last[0] === pack) runs[runs.length - 1] = [pack, last[1] + calls];
  else runs.push([pack, calls]);
};
