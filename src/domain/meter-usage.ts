/**
 * Metering: a batch of reports of one account becomes one CallsMetered event, decided record by record in the order
 * given (rules.md, sections 3 and 10). Earlier records are looked up by the caller and passed in.
 */
import { type Account, activatedAt, suspendedAt } from './account.ts';
import { isRecordTooLarge, openRoom, type Room } from './bounds.ts';
import { type Day, type Instant, instantText, type Month } from './calendar.ts';
import { EditionBroken, interfacesOf, productOf } from './catalogue.ts';
import type { BillingContext } from './context.ts';
import type { CallsMetered, EventOf, UsageSum } from './events.ts';
import { type Charge, Payers } from './payers.ts';
import { lineOf } from './record-line.ts';
import type { JudgedRefusal } from './refusals.ts';
import { bookRefused, refusedRecord } from './refused-record.ts';
import { firstSuggestions } from './suggest.ts';
import type { Payment, RecordOutcome, UsageRecord } from './usage.ts';
import { countsHold, sameContent } from './usage.ts';

/** How far a report's own time may lie ahead of the instant of recording (rules.md, section 10). */
const AHEAD_MS = 5 * 60_000;

export interface Metering extends BillingContext {
  readonly at: Instant;
  readonly records: readonly UsageRecord[];
  /** The record already stored under the same identity, if any. */
  readonly seen: (record: UsageRecord) => UsageRecord | undefined;
  /** In a replay: the recorded event. Limits are skipped, since it may be older than they are. */
  readonly again?: CallsMetered;
}

export interface Metered {
  /** Null when no record was accepted. */
  readonly event: EventOf<'CallsMetered'> | null;
  /** The records of the event, in the order of its lines. */
  readonly accepted: readonly UsageRecord[];
  readonly outcomes: readonly RecordOutcome[];
}

const ACCEPTED: RecordOutcome = { outcome: 'accepted' };
const DUPLICATE: RecordOutcome = { outcome: 'duplicate' };

/** Decides every record of a batch. Returns one outcome per record, and an event with exactly the accepted ones. */
export const meterUsage = (account: Account, metering: Metering): Metered => {
  const { at, calendar, seen } = metering;
  const payers = new Payers(account, metering);
  const outcomes: RecordOutcome[] = [];
  const accepted: UsageRecord[] = [];
  const payments: Payment[] = [];
  const charges: Charge[] = [];
  const days: Day[] = [];
  const batch = new Map<string, Map<string, UsageRecord>>();
  const room = metering.again ? null : openRoom(account);
  const askedFor = firstSuggestions((id) => interfacesOf(metering.catalogue, productOf(id)));
  for (const record of metering.records) {
    let ids = batch.get(record.source);
    if (!ids) {
      ids = new Map();
      batch.set(record.source, ids);
    }
    const earlier = ids.get(record.id) ?? seen(record);
    if (earlier) {
      outcomes.push(sameContent(earlier, record) ? DUPLICATE : { outcome: 'conflict', held: earlier });
      continue;
    }
    const day = calendar.dayOf(record.time);
    const charge = chargeOf(payers, record, day, metering.again !== undefined);
    if (charge instanceof EditionBroken) {
      outcomes.push(bookRefused(charge));
      continue;
    }
    if (!charge) {
      outcomes.push(
        refusedRecord('interface_unknown', {
          account,
          record,
          charge,
          at,
          calendar,
          asked: askedFor(record.interface),
        }),
      );
      continue;
    }
    const code = refusalOf(account, record, charge, at, room);
    if (code !== null) {
      outcomes.push(refusedRecord(code, { account, record, charge, at, calendar }));
      continue;
    }
    outcomes.push(ACCEPTED);
    ids.set(record.id, record);
    accepted.push(record);
    charges.push(charge);
    days.push(day);
    payments.push(payers.take(charge, record, record.calls));
  }
  if (accepted.length === 0) return { event: null, accepted, outcomes };
  const event = written(at, accepted, payments, charges, days, payers);
  const uncharged = metering.again && !metering.again.uncharged ? [] : unchargedOf(accepted, charges);
  if (uncharged.length === 0) return { event, accepted, outcomes };
  return { event: { ...event, data: { ...event.data, uncharged } }, accepted, outcomes };
};

/** The charge of a record, or the error of an unusable price book; in a replay (`again`) that error is thrown. */
const chargeOf = (
  payers: Payers,
  record: UsageRecord,
  day: Day,
  again: boolean,
): Charge | undefined | EditionBroken => {
  try {
    return payers.charge(record.interface, day.slice(0, 7));
  } catch (error) {
    if (again || !(error instanceof EditionBroken)) throw error;
    return error;
  }
};

const refusalOf = (
  account: Account,
  record: UsageRecord,
  charge: Charge,
  at: Instant,
  room: Room | null,
): JudgedRefusal | null => {
  const since = activatedAt(account, charge.book.product);
  if (since === undefined || record.time < since) return 'not_activated';
  if ((record.submitted !== null) !== (charge.interface.counts === 'recognised')) return 'invalid_record';
  if (room && isRecordTooLarge(record)) return 'quantity_too_large';
  if (!countsHold(record)) return 'invalid_record';
  if (record.time > at + AHEAD_MS) return 'in_the_future';
  if (account.suspensions.length > 0 && suspendedAt(account, record.time)) return 'suspended';
  return room && !room.take(charge.month, record.calls) ? 'quantity_too_large' : null;
};

/** Calls that are not charged, by month: they count towards the limit of a month's sum, but are in no tally. */
const unchargedOf = (
  accepted: readonly UsageRecord[],
  charges: readonly Charge[],
): { month: Month; calls: number }[] => {
  const sums = new Map<Month, number>();
  for (const [i, charge] of charges.entries())
    if (charge.interface.meter === null)
      sums.set(charge.month, (sums.get(charge.month) ?? 0) + (accepted[i]?.calls ?? 0));
  return [...sums].map(([month, calls]) => ({ month, calls }));
};

const written = (
  at: Instant,
  accepted: readonly UsageRecord[],
  payments: readonly Payment[],
  charges: readonly Charge[],
  days: readonly Day[],
  payers: Payers,
): EventOf<'CallsMetered'> => {
  const sources = dictionary();
  const interfaces = dictionary();
  const packs = dictionary();
  const base = accepted.reduce((least, { time }) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const lines: string[] = [];
  for (const [i, record] of accepted.entries()) {
    const payment = payments[i] as Payment;
    lines.push(
      lineOf(
        record,
        sources.index(record.source),
        interfaces.index(record.interface),
        base,
        payment,
        packs.index,
      ),
    );
  }
  const data: CallsMetered = {
    sources: sources.entries,
    interfaces: interfaces.entries,
    packs: packs.entries,
    base: instantText(base),
    records: accepted.length,
    usage: sumsOf(accepted, payments, charges, days),
    tallies: payers.tallies(),
  };
  return { type: 'CallsMetered', at, data, lines };
};

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

/** Sums per interface and day, so that views, closes and bills need not read single records. */
const sumsOf = (
  accepted: readonly UsageRecord[],
  payments: readonly Payment[],
  charges: readonly Charge[],
  days: readonly Day[],
): UsageSum[] => {
  const sums = new Map<string, Map<Day, Sum>>();
  for (const [i, record] of accepted.entries()) {
    let byDay = sums.get(record.interface);
    if (!byDay) {
      byDay = new Map();
      sums.set(record.interface, byDay);
    }
    const day = days[i] as Day;
    let sum = byDay.get(day);
    if (!sum) {
      sum = { interface: record.interface, day, records: 0, calls: 0, free: 0, packs: 0, postPaid: 0 };
      byDay.set(day, sum);
    }
    sum.records += 1;
    sum.calls += record.calls;
    if (charges[i]?.interface.meter === null) continue;
    const { free, runs } = payments[i] as Payment;
    let packs = 0;
    for (const [, calls] of runs) packs += calls;
    sum.free += free;
    sum.packs += packs;
    sum.postPaid += record.calls - free - packs;
  }
  return [...sums.values()].flatMap((byDay) => [...byDay.values()]);
};
