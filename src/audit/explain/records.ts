/**
 * The records of a line, a day or an event, with who paid for each, in the order of recording. A cursor is an event and
 * an index in it, so that the cost of a page does not depend on the number of records.
 */

import type { Recorded } from '../../codec/event-codec.ts';
import { meteredPoints, packCalls, metered as tallyUnits } from '../../domain/account.ts';
import { type Day, instantText, type Month } from '../../domain/calendar.ts';
import { classOf, unitsOf } from '../../domain/charging.ts';
import type { EventOf, Tally } from '../../domain/events.ts';
import type { Name } from '../../domain/price-book.ts';
import type { RecordPayment } from '../../domain/usage.ts';
import { accountEventsOf } from './account-events.ts';
import { whyClass } from './class-chosen.ts';
import type { ExplainFrom } from './explain-bill.ts';
import { chargingIn, partIn } from './usage.ts';

export interface RecordExplained {
  readonly kind: 'record' | 'correction';
  readonly source: string;
  readonly id: string;
  readonly interface: string;
  readonly meter: string | null;
  readonly pool: string | null;
  readonly time: string;
  readonly day: Day;
  /** Calls of a record, or the change by a correction; of several quantities their sum. */
  readonly calls: number;
  readonly submitted?: number | undefined;
  /** Of an interface with several quantities: the class that chose the price, and each quantity. */
  readonly class?: { readonly id: string; readonly name: Name; readonly why: string } | undefined;
  readonly parts?: readonly PartExplained[] | undefined;
  /** The reason of a correction. */
  readonly reason?: string | undefined;
  readonly paid: PaidExplained;
  /** Revision of the event, and the index in it. */
  readonly event: number;
  readonly index: number;
}

export interface PaidExplained {
  readonly free: number;
  readonly packs: readonly { readonly pack: string; readonly calls: number }[];
  readonly postPaid: number;
  readonly waived?: number | undefined;
}

/** One quantity of a record, and who paid for it. */
export interface PartExplained {
  readonly measure: string;
  readonly quantity: number;
  readonly meter: string | null;
  readonly pool: string | null;
  /** Points of the pool that a unit takes. */
  readonly weight: number;
  readonly paid: PaidExplained;
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
        (sum) =>
          isDay(sum.day, of) &&
          (of.meter === undefined || partIn(of.catalogue, of.month, sum)?.meter === of.meter),
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
  isDay(one.day, of) &&
  (of.meter === undefined ||
    one.meter === of.meter ||
    (one.parts ?? []).some(({ meter, quantity }) => meter === of.meter && quantity !== 0));

const metered = (
  { record, payment }: Recorded,
  event: number,
  index: number,
  { calendar, catalogue, month }: RecordsOf,
): RecordExplained => {
  const charging = chargingIn(catalogue, month, record.interface);
  const chosen = charging && classOf(charging, record, calendar);
  const paidOf = (part: RecordPayment['parts'][number], meter: string | null): PaidExplained => {
    const rest = meter === null ? 0 : unitsOf(record, part.measure) - part.free - packCalls(part);
    return {
      free: part.free,
      packs: part.runs.map(([pack, calls]) => ({ pack, calls })),
      postPaid: payment.waived ? 0 : rest,
      ...(payment.waived && rest > 0 ? { waived: rest } : {}),
    };
  };
  const parts = payment.parts.flatMap((part): PartExplained[] => {
    const { measure } = part;
    const place = chosen?.parts.find((one) => one.measure === measure);
    if (measure === null) return [];
    const { meter = null, pool = null, weight = 1 } = place ?? {};
    return [{ measure, quantity: unitsOf(record, measure), meter, pool, weight, paid: paidOf(part, meter) }];
  });
  const only = chosen?.parts[0]?.measure === null ? chosen.parts[0] : undefined;
  return {
    kind: 'record',
    source: record.source,
    id: record.id,
    interface: record.interface,
    meter: only?.meter ?? null,
    pool: only?.pool ?? null,
    time: instantText(record.time),
    day: calendar.dayOf(record.time),
    calls: record.calls,
    ...(record.submitted === null ? {} : { submitted: record.submitted }),
    ...(charging && chosen?.id && chosen.name
      ? {
          class: { id: chosen.id, name: chosen.name, why: whyClass(charging, chosen, record, calendar) },
          parts,
        }
      : {}),
    paid: summedPaid(
      payment.parts.map((part) =>
        paidOf(part, chosen?.parts.find(({ measure }) => measure === part.measure)?.meter ?? null),
      ),
    ),
    event,
    index,
  };
};

const summedPaid = (all: readonly PaidExplained[]): PaidExplained => {
  const waived = all.reduce((sum, one) => sum + (one.waived ?? 0), 0);
  return {
    free: all.reduce((sum, { free }) => sum + free, 0),
    packs: all.flatMap(({ packs }) => packs),
    postPaid: all.reduce((sum, { postPaid }) => sum + postPaid, 0),
    ...(waived === 0 ? {} : { waived }),
  };
};

const corrected = (
  { data }: EventOf<'UsageCorrected'>,
  event: number,
  { catalogue, month }: RecordsOf,
): RecordExplained => {
  const { source, id, time, day, from, to, reason, tallies } = data;
  const [first] = chargingIn(catalogue, month, data.interface)?.classes ?? [];
  const only = first?.parts[0]?.measure === null ? first.parts[0] : undefined;
  const paidOf = (tally: Tally): PaidExplained => ({
    free: tally.free,
    packs: tally.runs.map(([pack, calls]) => ({ pack, calls })),
    postPaid: tally.postPaid,
    ...(tally.waived ? { waived: tally.waived } : {}),
  });
  return {
    kind: 'correction',
    source,
    id,
    interface: data.interface,
    meter: only?.meter ?? null,
    pool: only?.pool ?? null,
    time,
    day,
    calls: to - from,
    reason,
    ...(data.quantities
      ? {
          parts: tallies.map((tally) => ({
            measure: tally.measure ?? '',
            quantity: tallyUnits(tally),
            meter: tally.meter,
            pool: tally.pool,
            // Points of all its units by their number: what each of the record's units takes.
            weight: meteredPoints(tally) / tallyUnits(tally),
            paid: paidOf(tally),
          })),
        }
      : {}),
    paid: summedPaid(tallies.map(paidOf)),
    event,
    index: 0,
  };
};
