/** Usage as CSV rows: summed by day and interface, or record by record in constant memory. */

import type { Recorded } from '../codec/event-codec.ts';
import { type PackRun, packCalls } from '../domain/account.ts';
import { type Day, instantOf, type Month } from '../domain/calendar.ts';
import { indexOf, inForce, productOf } from '../domain/catalogue.ts';
import { classOf, unitsOf } from '../domain/charging.ts';
import type { BillingContext } from '../domain/context.ts';
import type { EventOf, UsageSum } from '../domain/events.ts';
import { addedSums, correctionSums } from '../domain/usage-sums.ts';
import type { ReadContext } from '../ledger/context.ts';
import { recordsAt } from '../ledger/queries/records-of-event.ts';
import { accountEventsFrom } from './account-events.ts';
import { type Cell, numberCell } from './csv.ts';
import { type Period, PeriodMalformed, within } from './period.ts';

export interface UsageOf extends ReadContext {
  readonly period: Period;
}

const COUNTS = ['calls', 'free', 'packs', 'post_paid'] as const;
/** Of an interface with several quantities, each has rows of its own. */
const MEASURE = ['measure', 'unit', 'waived'] as const;
export const DAY_COLUMNS = ['account', 'day', 'interface', 'records', ...COUNTS, ...MEASURE] as const;
export const RECORD_COLUMNS = [
  ...['account', 'kind', 'time', 'interface', 'source', 'id', 'submitted', ...COUNTS, 'paid_by', 'reason'],
  ...['revision', ...MEASURE, 'attributes', 'tags'],
] as const;

/**
 * Sums of an account by day and interface, corrections included, ordered by day. A period must begin and end at the
 * start of a day, since daily sums cannot be split. Throws PeriodMalformed.
 */
export async function* usageByDay(context: UsageOf, account: string): AsyncGenerator<readonly Cell[]> {
  const { store, calendar, period } = context;
  for (const [field, bound] of [['from', period.from] as const, ['to', period.to] as const])
    if (bound !== null && calendar.startOfDay(calendar.dayOf(bound)) !== bound)
      throw new PeriodMalformed(field, `${field}: sums by day begin and end with a day of ${calendar.zone}`);
  const sums = new Map<string, UsageSum>();
  const add = (sum: UsageSum): void => {
    if (!within(period, calendar.startOfDay(sum.day))) return;
    const key = `${sum.day} ${sum.interface} ${sum.measure ?? ''}`;
    const before = sums.get(key);
    sums.set(key, before ? { ...sum, ...addedSums(before, sum) } : sum);
  };
  for await (const { event } of accountEventsFrom(store, account, 0)) {
    if (event.type === 'CallsMetered') for (const sum of event.data.usage) add(sum);
    if (event.type === 'UsageCorrected') for (const sum of correctionSums(event.data)) add(sum);
  }
  for (const key of [...sums.keys()].sort()) {
    const sum = sums.get(key);
    if (!sum) continue;
    const counts = [sum.records, sum.calls, sum.free, sum.packs, sum.postPaid].map(numberCell);
    const of = [sum.measure ?? null, unitOf(context, sum.interface, sum.measure, sum.day.slice(0, 7))];
    yield [account, sum.day, sum.interface, ...counts, ...of, numberCell(sum.waived ?? 0)];
  }
}

/** The unit of an interface or measure, by the edition in force in a month. */
const unitOf = (
  { catalogue }: Pick<BillingContext, 'catalogue'>,
  id: string,
  measure: string | null | undefined,
  month: Month,
): string | null => {
  const book = inForce(catalogue, productOf(id), month)?.book;
  const [first] = (book && indexOf(book).chargings.get(id)?.classes) ?? [];
  return first?.parts.find((part) => part.measure === (measure ?? null))?.unit?.en ?? null;
};

/** Records of an account, selected by event time, in the order of recording; corrections are separate rows. */
export async function* usageByRecord(of: UsageOf, account: string): AsyncGenerator<readonly Cell[]> {
  const { store, calendar, period } = of;
  const mayHold = (day: Day): boolean => {
    const start = calendar.startOfDay(day);
    const end = calendar.daysAfter(start, 1);
    return (period.from === null || end > period.from) && (period.to === null || start < period.to);
  };
  for await (const { stored, event } of accountEventsFrom(store, account, 0)) {
    if (event.type === 'CallsMetered' && event.data.usage.some(({ day }) => mayHold(day))) {
      for (const recorded of await recordsAt(store, stored.stream, stored.revision))
        if (within(period, recorded.record.time)) yield* recordRows(of, account, recorded, stored.revision);
    }
    if (event.type === 'UsageCorrected' && within(period, instantOf(event.data.time)))
      yield* correctionRows(of, account, event, stored.revision);
  }
}

/** One row, or one for each quantity; a record whose quantities are all zero has one row too. */
function* recordRows(
  { calendar, catalogue }: BillingContext,
  account: string,
  { record, payment }: Recorded,
  revision: number,
): Generator<readonly Cell[]> {
  const { attributes, tags } = record;
  const month = calendar.monthOf(record.time);
  const book = inForce(catalogue, productOf(record.interface), month)?.book;
  const charging = book && indexOf(book).chargings.get(record.interface);
  const places = charging ? classOf(charging, record, calendar).parts : [];
  const parts = payment.parts.length > 0 ? payment.parts : [NOTHING_PAID];
  for (const { measure, free, runs } of parts) {
    const units = unitsOf(record, measure);
    const packs = packCalls({ runs });
    const isCharged = places.some((place) => place.measure === measure && place.meter !== null);
    const rest = isCharged ? units - free - packs : 0;
    const [postPaid, waived] = payment.waived ? [0, rest] : [rest, 0];
    yield [
      ...[account, 'record', calendar.textOf(record.time), record.interface, record.source, record.id],
      ...[record.submitted, units, free, packs, postPaid].map(numberCell),
      ...[paidBy(runs), null, numberCell(revision)],
      ...[measure, unitOf({ catalogue }, record.interface, measure, month), numberCell(waived)],
      ...[attributes ? JSON.stringify(attributes) : null, tags ? JSON.stringify(tags) : null],
    ];
  }
}

const NOTHING_PAID = { measure: null, free: 0, runs: [] };

/** `pack-000001:5 pack-000002:1`; null without packs. */
const paidBy = (runs: readonly PackRun[]): string | null =>
  runs.length === 0 ? null : runs.map(([pack, calls]) => `${pack}:${calls}`).join(' ');

function* correctionRows(
  { calendar, catalogue }: BillingContext,
  account: string,
  event: EventOf<'UsageCorrected'>,
  revision: number,
): Generator<readonly Cell[]> {
  const { time, source, id, reason, tallies, attributes } = event.data;
  const month = event.data.day.slice(0, 7);
  for (const { measure, calls, free, packs, postPaid, waived = 0 } of correctionSums(event.data)) {
    const runs = tallies.flatMap((tally) => (tally.measure === measure ? tally.runs : []));
    yield [
      ...[account, 'correction', calendar.textOf(instantOf(time)), event.data.interface, source, id],
      ...[null, calls, free, packs, postPaid].map(numberCell),
      ...[paidBy(runs), reason, numberCell(revision)],
      ...[measure ?? null, unitOf({ catalogue }, event.data.interface, measure, month), numberCell(waived)],
      ...[attributes ? JSON.stringify(attributes) : null, null],
    ];
  }
}
