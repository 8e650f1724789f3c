/**
 * What a batch of accepted records leaves: one CallsMetered event, with a line a record, and sums by interface and day
 * so that views, closes and bills need not read single records.
 */
import { packCalls } from './account.ts';
import { type Day, type Instant, instantText, type Month } from './calendar.ts';
import { type Part, unitsOf } from './charging.ts';
import type { CallsMetered, EventOf, UsageSum } from './events.ts';
import type { Charge, Payers } from './payers.ts';
import { lineOf } from './record-line.ts';
import { tagSums } from './tag-sums.ts';
import type { Payment, RecordPayment, UsageRecord } from './usage.ts';

/** An accepted record, and who paid for each of its parts. */
export interface Paid {
  readonly record: UsageRecord;
  readonly charge: Charge;
  /** Null where the interface has only one class. */
  readonly className: string | null;
  readonly parts: readonly Part[];
  readonly payments: readonly Payment[];
  readonly day: Day;
  readonly waived: boolean;
}

/** Units that are not charged, by month: they count towards the limit of a month's sum, but are in no tally. */
export const unchargedOf = (paid: readonly Paid[]): { month: Month; calls: number }[] => {
  const sums = new Map<Month, number>();
  for (const { record, charge, parts } of paid)
    for (const part of parts)
      if (part.meter === null)
        sums.set(charge.month, (sums.get(charge.month) ?? 0) + unitsOf(record, part.measure));
  return [...sums].map(([month, calls]) => ({ month, calls }));
};

/** The event of a batch. */
export const meteredEvent = (at: Instant, paid: readonly Paid[], payers: Payers): EventOf<'CallsMetered'> => {
  const sources = dictionary();
  const interfaces = dictionary();
  const packs = dictionary();
  const base = paid.reduce((least, { record }) => Math.min(least, record.time), Number.POSITIVE_INFINITY);
  const lines: string[] = [];
  for (const one of paid) {
    const { record } = one;
    lines.push(
      lineOf(record, paymentIn(one), {
        source: sources.index(record.source),
        iface: interfaces.index(record.interface),
        base,
        packIndex: packs.index,
      }),
    );
  }
  const tagged = tagSums(paid.map(({ record, charge: { month } }) => ({ record, month })));
  const data: CallsMetered = {
    sources: sources.entries,
    interfaces: interfaces.entries,
    packs: packs.entries,
    base: instantText(base),
    records: paid.length,
    usage: sumsOf(paid),
    tallies: payers.tallies(),
    ...(tagged.length > 0 ? { tagged } : {}),
  };
  return { type: 'CallsMetered', at, data, lines };
};

/** Who paid for a record, part by part; parts without units are left out. */
const paymentIn = ({ record, parts, payments, waived }: Paid): RecordPayment => ({
  parts: parts.flatMap(({ measure, weight }, i) => {
    const payment = payments[i];
    return payment && (measure === null || unitsOf(record, measure) > 0)
      ? [{ measure, weight, ...payment }]
      : [];
  }),
  waived: waived && parts.some((part, i) => part.meter !== null && unpaid(record, part, payments[i]) > 0),
});

/** Units that neither the allowance nor a pack paid for. */
const unpaid = (record: UsageRecord, { measure }: Part, payment: Payment | undefined): number =>
  unitsOf(record, measure) - (payment ? payment.free + packCalls(payment) : 0);

const dictionary = () => {
  const entries: string[] = [];
  const known = new Map<string, number>();
  const index = (entry: string): number => {
    let at = known.get(entry);
    if (at === undefined) {
      at = entries.push(entry) - 1;
      known.set(entry, at);
    }
    return at;
  };
  return { entries, index };
};

type Sum = { -readonly [Key in keyof UsageSum]: UsageSum[Key] };

/** Sums per interface (and measure) and day, so that views, closes and bills need not read single records. */
const sumsOf = (paid: readonly Paid[]): UsageSum[] => {
  const sums = new Map<string, Map<Day, readonly Sum[]>>();
  for (const { record, className, parts, payments, day, waived } of paid) {
    // Interfaces' ids have no spaces.
    const key = className === null ? record.interface : `${record.interface} ${className}`;
    let byDay = sums.get(key);
    if (!byDay) {
      byDay = new Map();
      sums.set(key, byDay);
    }
    let ofDay = byDay.get(day);
    if (!ofDay) {
      ofDay = parts.map(({ measure }) => emptySum(record.interface, measure, className, day));
      byDay.set(day, ofDay);
    }
    for (const [i, part] of parts.entries()) {
      const sum = ofDay[i] as Sum;
      const units = unitsOf(record, part.measure);
      sum.records += 1;
      sum.calls += units;
      if (part.meter === null) continue;
      const { free, runs } = payments[i] as Payment;
      let packs = 0;
      for (const [, paidUnits] of runs) packs += paidUnits;
      sum.free += free;
      sum.packs += packs;
      const rest = units - free - packs;
      if (!waived) sum.postPaid += rest;
      else if (rest > 0) sum.waived = (sum.waived ?? 0) + rest;
    }
  }
  return [...sums.values()].flatMap((byDay) => [...byDay.values()].flat());
};

const emptySum = (id: string, measure: string | null, className: string | null, day: Day): Sum => ({
  interface: id,
  ...(measure === null ? {} : { measure }),
  ...(className === null ? {} : { class: className }),
  day,
  ...{ records: 0, calls: 0, free: 0, packs: 0, postPaid: 0 },
});
