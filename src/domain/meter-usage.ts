/**
 * Metering: a batch of reports of one account becomes one CallsMetered event, decided record by record in the order
 * given (rules.md, sections 3 and 10). Earlier records are looked up by the caller and passed in.
 */
import { type Account, activatedAt, isPostPaidOff, suspendedAt } from './account.ts';
import { isRecordTooLarge, Room } from './bounds.ts';
import type { Day, Instant } from './calendar.ts';
import { EditionBroken, interfacesOf, productOf } from './catalogue.ts';
import { isMeasured } from './charging.ts';
import type { BillingContext } from './context.ts';
import type { CallsMetered, EventOf } from './events.ts';
import { meteredEvent, type Paid, unchargedOf } from './metered-event.ts';
import { type Charge, Payers } from './payers.ts';
import type { Interface } from './price-book.ts';
import { type QuantityProblem, quantityProblem, withMeasures } from './quantities.ts';
import type { JudgedRefusal } from './refusals.ts';
import { bookRefused, refusedRecord } from './refused-record.ts';
import { firstSuggestions } from './suggest.ts';
import type { RecordOutcome, UsageRecord } from './usage.ts';
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
  const paid: Paid[] = [];
  const batch = new Map<string, Map<string, UsageRecord>>();
  const room = metering.again ? null : new Room(account);
  const askedFor = firstSuggestions((id) => interfacesOf(metering.catalogue, productOf(id)));
  for (const reported of metering.records) {
    const day = calendar.dayOf(reported.time);
    const charge = chargeOf(payers, reported, day, metering.again !== undefined);
    const record = charge instanceof EditionBroken ? reported : asCounted(charge, reported);
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
    const { id, parts } = payers.classOf(charge, record);
    const className = charge.charging.classes.length > 1 ? id : null;
    const code = refusalOf(account, { record: reported, charge, parts }, at, room);
    if (code !== null) {
      outcomes.push(refusedRecord(code, { account, record: reported, charge, at, calendar }));
      continue;
    }
    outcomes.push(ACCEPTED);
    ids.set(record.id, record);
    accepted.push(record);
    const payments = parts.map((part) => payers.take({ charge, part, record, day }));
    paid.push({
      record,
      charge,
      className,
      parts,
      payments,
      day,
      waived: isPostPaidOff(account, charge.book.product, record.time),
    });
  }
  if (accepted.length === 0) return { event: null, accepted, outcomes };
  const event = meteredEvent(at, paid, payers);
  const uncharged = metering.again && !metering.again.uncharged ? [] : unchargedOf(paid);
  if (uncharged.length === 0 && !account.limits) return { event, accepted, outcomes };
  const more = {
    ...(uncharged.length > 0 ? { uncharged } : {}),
    ...(account.limits ? { catalogue: metering.catalogue.published.length } : {}),
  };
  return { event: { ...event, data: { ...event.data, ...more } }, accepted, outcomes };
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

/** A record with its measures alone, if the interface has measures. */
const asCounted = (charge: Charge | undefined, record: UsageRecord): UsageRecord => {
  const of = charge?.charging.interface;
  return of && record.quantities && isMeasured(of) ? withMeasures(of, record) : record;
};

const refusalOf = (
  account: Account,
  { record, charge, parts }: Pick<Paid, 'record' | 'charge' | 'parts'>,
  at: Instant,
  room: Room | null,
): JudgedRefusal | null => {
  const since = activatedAt(account, charge.book.product);
  if (since === undefined || record.time < since) return 'not_activated';
  const of = charge.charging.interface;
  if (!hasKindOf(of, record)) return 'invalid_record';
  if (room && isRecordTooLarge(record)) return 'quantity_too_large';
  if (isMeasured(of) ? isAmiss(quantityProblem(of, record), room) : !countsHold(record))
    return 'invalid_record';
  if (record.time > at + AHEAD_MS) return 'in_the_future';
  if (account.suspensions.length > 0 && suspendedAt(account, record.time)) return 'suspended';
  return room && !room.take(charge, { record, parts }) ? 'quantity_too_large' : null;
};

/** In a replay (without `room`) a record may name no measure: one whose quantities are all zero is kept so. */
const isAmiss = (problem: QuantityProblem | null, room: Room | null): boolean =>
  problem !== null && (room !== null || problem.name !== '');

/** Whether a record counts what its interface counts. */
const hasKindOf = (of: Interface, { submitted, quantities, attributes }: UsageRecord): boolean =>
  isMeasured(of)
    ? quantities !== undefined && submitted === null
    : quantities === undefined &&
      attributes === undefined &&
      (submitted !== null) === (of.counts === 'recognised');
