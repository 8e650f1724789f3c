/** Usage as CSV rows: summed by day and interface, or record by record in constant memory. */

import type { Recorded } from '../codec/event-codec.ts';
import { type PackRun, packCalls } from '../domain/account.ts';
import { type Day, instantOf } from '../domain/calendar.ts';
import { indexOf, inForce, productOf } from '../domain/catalogue.ts';
import type { BillingContext } from '../domain/context.ts';
import type { EventOf, UsageSum } from '../domain/events.ts';
import type { ReadContext } from '../ledger/context.ts';
import { recordsAt } from '../ledger/queries/records-of-event.ts';
import { accountEventsFrom } from './account-events.ts';
import { type Cell, numberCell } from './csv.ts';
import { type Period, PeriodMalformed, within } from './period.ts';

export interface UsageOf extends ReadContext {
  readonly period: Period;
}

const COUNTS = ['calls', 'free', 'packs', 'post_paid'] as const;
export const DAY_COLUMNS = ['account', 'day', 'interface', 'records', ...COUNTS] as const;
export const RECORD_COLUMNS = [
  ...['account', 'kind', 'time', 'interface', 'source', 'id', 'submitted', ...COUNTS, 'paid_by', 'reason'],
  'revision',
] as const;

/**
 * Sums of an account by day and interface, corrections included, ordered by day. A period must begin and end at the
 * start of a day, since daily sums cannot be split. Throws PeriodMalformed.
 */
export async function* usageByDay(
  { store, calendar, period }: UsageOf,
  account: string,
): AsyncGenerator<readonly Cell[]> {
  for (const [field, bound] of [['from', period.from] as const, ['to', period.to] as const])
    if (bound !== null && calendar.startOfDay(calendar.dayOf(bound)) !== bound)
      throw new PeriodMalformed(field, `${field}: sums by day begin and end with a day of ${calendar.zone}`);
  const sums = new Map<string, UsageSum>();
  const add = (sum: UsageSum): void => {
    if (!within(period, calendar.startOfDay(sum.day))) return;
    const key = `${sum.day} ${sum.interface}`;
    const before = sums.get(key);
    sums.set(key, before ? added(before, sum) : sum);
  };
  for await (const { event } of accountEventsFrom(store, account, 0)) {
    if (event.type === 'CallsMetered') for (const sum of event.data.usage) add(sum);
    if (event.type === 'UsageCorrected') add(correctionSum(event));
  }
  for (const key of [...sums.keys()].sort()) {
    const sum = sums.get(key);
    if (!sum) continue;
    const counts = [sum.records, sum.calls, sum.free, sum.packs, sum.postPaid].map(numberCell);
    yield [account, sum.day, sum.interface, ...counts];
  }
}

const added = (a: UsageSum, b: UsageSum): UsageSum => ({
  ...a,
  records: a.records + b.records,
  calls: a.calls + b.calls,
  free: a.free + b.free,
  packs: a.packs + b.packs,
  postPaid: a.postPaid + b.postPaid,
});

/** The change that a correction makes to its record's day; it does not count as a record. */
const correctionSum = ({ data }: EventOf<'UsageCorrected'>): UsageSum => ({
  interface: data.interface,
  day: data.day,
  records: 0,
  calls: data.to - data.from,
  free: data.tally?.free ?? 0,
  packs: data.tally ? packCalls(data.tally) : 0,
  postPaid: data.tally?.postPaid ?? 0,
});

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
        if (within(period, recorded.record.time)) yield recordRow(of, account, recorded, stored.revision);
    }
    if (event.type === 'UsageCorrected' && within(period, instantOf(event.data.time)))
      yield correctionRow(of, account, event, stored.revision);
  }
}

const recordRow = (
  { calendar, catalogue }: BillingContext,
  account: string,
  { record, payment }: Recorded,
  revision: number,
): readonly Cell[] => {
  const packs = payment.runs.reduce((sum, [, calls]) => sum + calls, 0);
  const edition = inForce(catalogue, productOf(record.interface), calendar.monthOf(record.time));
  const isCharged = (edition && indexOf(edition.book).interfaces.get(record.interface)?.meter) != null;
  const postPaid = isCharged ? record.calls - payment.free - packs : 0;
  return [
    ...[account, 'record', calendar.textOf(record.time), record.interface, record.source, record.id],
    ...[record.submitted, record.calls, payment.free, packs, postPaid].map(numberCell),
    ...[paidBy(payment.runs), null, numberCell(revision)],
  ];
};

/** `pack-000001:5 pack-000002:1`; null without packs. */
const paidBy = (runs: readonly PackRun[]): string | null =>
  runs.length === 0 ? null : runs.map(([pack, calls]) => `${pack}:${calls}`).join(' ');

const correctionRow = (
  { calendar }: BillingContext,
  account: string,
  event: EventOf<'UsageCorrected'>,
  revision: number,
): readonly Cell[] => {
  const { time, source, id, reason, tally } = event.data;
  const { calls, free, packs, postPaid } = correctionSum(event);
  return [
    ...[account, 'correction', calendar.textOf(instantOf(time)), event.data.interface, source, id],
    ...[null, calls, free, packs, postPaid].map(numberCell),
    ...[paidBy(tally?.runs ?? []), reason, numberCell(revision)],
  ];
};
