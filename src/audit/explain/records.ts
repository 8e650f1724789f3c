/**
 * The records of a line, a day or an event, with who paid for each, in the order of recording. A cursor is an event and
 * an index in it, so that the cost of a page does not depend on the number of records.
 */

import type { Recorded } from '../../codec/event-codec.ts';
import { type Day, instantText, type Month } from '../../domain/calendar.ts';
import type { EventOf } from '../../domain/events.ts';
import { accountEventsOf } from './account-events.ts';
import type { ExplainFrom } from './explain-bill.ts';
import { interfaceIn } from './usage.ts';

export interface RecordExplained {
  readonly kind: 'record' | 'correction';
  readonly source: string;
  readonly id: string;
  readonly interface: string;
  readonly meter: string | null;
  readonly pool: string | null;
  readonly time: string;
  readonly day: Day;
  /** Calls of a record, or the change by a correction. */
  readonly calls: number;
  readonly submitted?: number | undefined;
  /** The reason of a correction. */
  readonly reason?: string | undefined;
  readonly paid: {
    readonly free: number;
    readonly packs: readonly { readonly pack: string; readonly calls: number }[];
    readonly postPaid: number;
  };
  /** Revision of the event, and the index in it. */
  readonly event: number;
  readonly index: number;
}

export interface RecordsOf extends ExplainFrom {
  /** The records of the CallsMetered at a revision. */
  readonly recordsAt: (revision: number) => Promise<readonly Recorded[]>;
  readonly stream: string;
  readonly month: Month;
  /** Range of revisions to search, inclusive. */
  readonly from: number;
  readonly to: number;
  readonly meter?: string | undefined;
  readonly day?: Day | undefined;
  readonly event?: number | undefined;
  /** Cursor of the first record to return. */
  readonly after?: RecordCursor | undefined;
}

export interface RecordCursor {
  readonly event: number;
  readonly index: number;
}

/** Parses a cursor; null when it is malformed. */
export const recordCursorOf = (cursor: string): RecordCursor | null => {
  const [, event, index] = /^(\d{1,15})-(\d{1,9})$/.exec(cursor) ?? [];
  return event === undefined ? null : { event: Number(event), index: Number(index) };
};

/** Records and corrections of a month that match the query; only events that have some are unpacked. */
export async function* explainRecords(of: RecordsOf): AsyncGenerator<RecordExplained> {
  const start = of.after ?? { event: of.from, index: 0 };
  const from = Math.max(of.from, start.event, of.event ?? 0);
  const to = Math.min(of.to, of.event ?? of.to);
  const types = ['CallsMetered', 'UsageCorrected'] as const;
  for await (const found of accountEventsOf(of.store, of.stream, { from, to, types })) {
    const skip = found.revision === start.event ? start.index : 0;
    if (found.event.type === 'UsageCorrected') {
      const one = corrected(found.event, found.revision, of);
      if (skip === 0 && isWanted(one, of)) yield one;
    } else if (found.event.type === 'CallsMetered') {
      const has = found.event.data.usage.some(
        ({ day, interface: id }) =>
          isDay(day, of) &&
          (of.meter === undefined || interfaceIn(of.catalogue, of.month, id)?.meter === of.meter),
      );
      if (!has) continue;
      for (const [index, recorded] of (await of.recordsAt(found.revision)).entries()) {
        if (index < skip) continue;
        const one = metered(recorded, found.revision, index, of);
        if (isWanted(one, of)) yield one;
      }
    }
  }
}

/** A page of records, and the cursor of the next. */
export const recordsPage = async (
  of: RecordsOf,
  limit: number,
): Promise<{ readonly items: readonly RecordExplained[]; readonly next: string | null }> => {
  const items: RecordExplained[] = [];
  for await (const one of explainRecords(of)) {
    if (items.length === limit) return { items, next: `${one.event}-${one.index}` };
    items.push(one);
  }
  return { items, next: null };
};

const isDay = (day: Day, of: RecordsOf): boolean =>
  of.day === undefined ? day.startsWith(of.month) : day === of.day && day.startsWith(of.month);

const isWanted = (one: RecordExplained, of: RecordsOf): boolean =>
  isDay(one.day, of) && (of.meter === undefined || one.meter === of.meter);

const metered = (
  { record, payment }: Recorded,
  event: number,
  index: number,
  { calendar, catalogue, month }: RecordsOf,
): RecordExplained => {
  const charge = interfaceIn(catalogue, month, record.interface);
  const packs = payment.runs.map(([pack, calls]) => ({ pack, calls }));
  const paid = packs.reduce((sum, { calls }) => sum + calls, payment.free);
  return {
    kind: 'record',
    source: record.source,
    id: record.id,
    interface: record.interface,
    meter: charge?.meter ?? null,
    pool: charge?.pool ?? null,
    time: instantText(record.time),
    day: calendar.dayOf(record.time),
    calls: record.calls,
    ...(record.submitted === null ? {} : { submitted: record.submitted }),
    paid: { free: payment.free, packs, postPaid: charge?.meter ? record.calls - paid : 0 },
    event,
    index,
  };
};

const corrected = (
  { data }: EventOf<'UsageCorrected'>,
  event: number,
  { catalogue, month }: RecordsOf,
): RecordExplained => {
  const { source, id, time, day, from, to, reason, tally } = data;
  const charge = interfaceIn(catalogue, month, data.interface);
  const packs = (tally?.runs ?? []).map(([pack, calls]) => ({ pack, calls }));
  return {
    kind: 'correction',
    source,
    id,
    interface: data.interface,
    meter: charge?.meter ?? null,
    pool: charge?.pool ?? null,
    time,
    day,
    calls: to - from,
    reason,
    paid: { free: tally?.free ?? 0, packs, postPaid: tally?.postPaid ?? 0 },
    event,
    index: 0,
  };
};
