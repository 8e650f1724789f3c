/** A bill explained: per line its formula, the packs that paid, usage by day, and the facts it rests on. */
import { decodeEvent } from '../codec/event-codec.ts';
import type { Bill } from '../domain/bill.ts';
import { type Catalogue, indexOf, inForce, productOf } from '../domain/catalogue.ts';
import type { EventStore } from '../store/event-store.ts';

export interface LineExplained {
  readonly meter: string;
  readonly formula: string;
  readonly quantities: { metered: number; free: number; packs: number; postPaid: number };
  readonly why: string;
  readonly packs: readonly { readonly pack: string; readonly calls: number }[];
  readonly pools: readonly { readonly pool: string | null; free: number; packs: number; postPaid: number }[];
  readonly days: readonly { readonly day: string; readonly interface: string; calls: number }[];
  /** Revisions of the facts that metered or corrected its calls. */
  readonly events: readonly number[];
}

export interface Explanation {
  readonly account: string;
  readonly month: string;
  readonly due: string | null;
  readonly total: string | null;
  readonly lines: readonly LineExplained[];
  readonly corrections: Bill['corrections'];
  readonly stream: string;
  readonly events: { readonly from: number; readonly to: number };
}

interface Working {
  packs: Map<string, number>;
  pools: Map<string, { pool: string | null; free: number; packs: number; postPaid: number }>;
  days: Map<string, { day: string; interface: string; calls: number }>;
  events: number[];
}

const PAGE = 256;

/**
 * Explains a bill from the facts of its stream. Usage of a month is recorded from the month's first instant until its
 * close, so the facts since the close before the last one are read.
 */
export const explainBill = async (
  store: EventStore,
  catalogue: Catalogue,
  bill: Bill,
  meter?: string,
): Promise<Explanation> => {
  const { stream, to } = bill.events;
  const meters = new Map<string, Working>();
  const meterOf = metersOf(catalogue, bill);
  for (let from = await firstFact(store, stream, bill); from <= to; from += PAGE) {
    const page = await store.read(stream, {
      from,
      limit: Math.min(PAGE, to - from + 1),
      direction: 'forwards',
      records: false,
    });
    for (const stored of page) gather(decodeEvent(stored), stored.revision, bill.month, meters, meterOf);
  }
  return {
    account: bill.account,
    month: bill.month,
    due: bill.due,
    total: bill.total,
    lines: bill.lines
      .filter((line) => meter === undefined || line.meter === meter)
      .map((line) => explained(line, meters.get(line.meter))),
    corrections: bill.corrections,
    stream,
    events: { from: bill.events.from, to },
  };
};

/** Calls of a month may be recorded before the month before it is closed: look one close further back. */
const firstFact = async (store: EventStore, stream: string, bill: Bill): Promise<number> => {
  const from = bill.events.from - 1;
  if (from < 0) return 0;
  const [closed] = await store.read(stream, { from, limit: 1, direction: 'forwards', records: false });
  const fact = closed && decodeEvent(closed);
  return fact?.type === 'MonthClosed' ? fact.data.bill.events.from : bill.events.from;
};

const gather = (
  fact: ReturnType<typeof decodeEvent>,
  revision: number,
  month: string,
  meters: Map<string, Working>,
  meterOf: (id: string) => string | null,
): void => {
  if (fact.type !== 'CallsMetered' && fact.type !== 'UsageCorrected') return;
  const tallies = fact.type === 'CallsMetered' ? fact.data.tallies : fact.data.tally ? [fact.data.tally] : [];
  const shown = new Set<string>();
  for (const tally of tallies.filter((t) => t.month === month)) {
    const working: Working = meters.get(tally.meter) ?? {
      packs: new Map(),
      pools: new Map(),
      days: new Map(),
      events: [],
    };
    meters.set(tally.meter, working);
    if (working.events.at(-1) !== revision) working.events.push(revision);
    const pool = working.pools.get(tally.pool ?? '') ?? { pool: tally.pool, free: 0, packs: 0, postPaid: 0 };
    working.pools.set(tally.pool ?? '', pool);
    pool.free += tally.free;
    pool.postPaid += tally.postPaid;
    for (const [pack, calls] of tally.runs) {
      pool.packs += calls;
      working.packs.set(pack, (working.packs.get(pack) ?? 0) + calls);
    }
    const days =
      fact.type === 'CallsMetered'
        ? fact.data.usage.map((sum) => ({ interface: sum.interface, day: sum.day, calls: sum.calls }))
        : [{ interface: fact.data.interface, day: fact.data.day, calls: fact.data.to - fact.data.from }];
    if (shown.has(tally.meter)) continue;
    shown.add(tally.meter);
    for (const day of days) {
      if (day.day.startsWith(month) && meterOf(day.interface) === tally.meter) addDay(working, day);
    }
  }
};

const addDay = (
  working: Working,
  { interface: id, day, calls }: { interface: string; day: string; calls: number },
): void => {
  const key = `${day} ${id}`;
  const sum = working.days.get(key) ?? { day, interface: id, calls: 0 };
  sum.calls += calls;
  working.days.set(key, sum);
};

/** The meter of an interface in the edition that ruled the bill's month. */
const metersOf =
  (catalogue: Catalogue, { month }: Bill) =>
  (id: string): string | null => {
    const edition = inForce(catalogue, productOf(id), month);
    return (edition && indexOf(edition.book).interfaces.get(id)?.meter) ?? null;
  };

const explained = (line: Bill['lines'][number], working: Working | undefined): LineExplained => ({
  meter: line.meter,
  formula: line.formula,
  quantities: { metered: line.metered, free: line.free, packs: line.packs, postPaid: line.postPaid },
  why: whyTier(line),
  packs: [...(working?.packs ?? [])].map(([pack, calls]) => ({ pack, calls })),
  pools: [...(working?.pools.values() ?? [])],
  days: [...(working?.days.values() ?? [])].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0)),
  events: working?.events ?? [],
});

const whyTier = ({ tier, unitPrice, bands, postPaid }: Bill['lines'][number]): string => {
  if (bands) return 'graduated: each post-paid call costs the price of the tier it lies in';
  if (!tier) return postPaid === 0 ? 'nothing is post-paid' : 'no tier is reached or the month is free';
  const upTo = tier.upTo === null ? 'open' : `up to ${tier.upTo}`;
  return `the month's quantity reaches the tier above ${tier.above}, ${upTo}: ${unitPrice ?? 'no list price'}`;
};
