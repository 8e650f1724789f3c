/**
 * What used a pack, record by record, from the events that the view of its use names. A page reads a bounded number of
 * events, wherever in the account's life the pack lies.
 */
import { decodeEvent, type Recorded } from '../../codec/event-codec.ts';
import { recordsIn } from '../../codec/stored-records.ts';
import { viewAt } from '../../derived/view-rows.ts';
import type { Views } from '../../derived/views.ts';
import type { PackRun } from '../../domain/account.ts';
import { type Day, type Instant, instantOf, instantText } from '../../domain/calendar.ts';
import { indexOf, inForce, productOf } from '../../domain/catalogue.ts';
import { isMeasured } from '../../domain/charging.ts';
import type { EventOf } from '../../domain/events.ts';
import { eventAt } from '../../eventstore/reading.ts';
import { accountStream } from '../../eventstore/stream-names.ts';
import { EVENTS_A_ROW, packEvents, packEventsKey, packKey, packSums } from '../../projections/pack-use.ts';
import type { ReadContext } from '../context.ts';

export interface UsedRecord {
  readonly source: string;
  readonly id: string;
  readonly interface: string;
  /** Null where several quantities go to meters of their own. */
  readonly meter: string | null;
  readonly time: string;
  readonly day: Day;
  /** Index in its event; null for a correction. */
  readonly index: number | null;
}

/** One change of a pack. `after` = `before` − `deducted` + `givenBack` − `voided`, in points that are not used. */
export interface Deduction {
  readonly kind: 'usage' | 'correction' | 'expiry' | 'void' | 'return';
  readonly at: string;
  readonly before: number;
  readonly deducted: number;
  readonly givenBack: number;
  readonly voided: number;
  readonly after: number;
  /** Calls that an expiry forfeits; they stay in `after`, since a late report may still use them. */
  readonly forfeited: number;
  readonly record: UsedRecord | null;
  readonly reason: string | null;
  /** Revision of the event. */
  readonly event: number;
}

export interface DeductionsOf extends ReadContext {
  readonly views: Pick<Views, 'get'>;
  readonly account: string;
  readonly pack: { readonly pack: string; readonly size: number };
  /** Events of this revision and later ones are left out. */
  readonly before: number;
}

/** An event of the pack by its number, and a record in that event. */
export interface DeductionPlace {
  readonly number: number;
  readonly index: number;
}

/** Events that a page reads at most: each may have a megabyte of records, few of which the pack paid for. */
const EVENTS_A_PAGE = 100;

/**
 * A page of at most `limit` deductions from a place on, up to the event with the number `until`, and the place of the
 * next one. A page may be shorter than asked for, and still not be the last.
 */
export const deductionsOf = async (
  of: DeductionsOf,
  { from, until, limit }: { readonly from: DeductionPlace; readonly until: number; readonly limit: number },
): Promise<{ readonly items: readonly Deduction[]; readonly next: DeductionPlace | null }> => {
  const sums = viewAt(of.views, packSums, packKey(of.account, of.pack.pack)) ?? { events: 0, used: 0 };
  const end = Math.min(until, sums.events);
  const last = Math.min(end, from.number + EVENTS_A_PAGE);
  const items: Deduction[] = [];
  for (let number = from.number; number < last; number++) {
    const place = placeOf(of, number);
    if (!place || place.revision >= of.before) return { items, next: null };
    const after = of.pack.size - (placeOf(of, number + 1)?.used ?? sums.used);
    const found = await inEvent(of, { revision: place.revision, before: of.pack.size - place.used, after });
    for (let index = number === from.number ? from.index : 0; index < found.length; index++) {
      const one = found[index];
      if (!one) continue;
      if (items.length === limit) return { items, next: { number, index } };
      items.push(one);
    }
  }
  return { items, next: last < end ? { number: last, index: 0 } : null };
};

/** The revision of a pack's event, and what was used before it. */
const placeOf = (
  { views, account, pack }: DeductionsOf,
  number: number,
): { readonly revision: number; readonly used: number } | undefined => {
  const row = viewAt(views, packEvents, packEventsKey(account, pack.pack, number));
  const place = row?.[number % EVENTS_A_ROW];
  return place && { revision: place[0], used: place[1] };
};

interface Change {
  readonly revision: number;
  /** Unused calls before the event, and after it. */
  readonly before: number;
  readonly after: number;
}

const inEvent = async (of: DeductionsOf, change: Change): Promise<readonly Deduction[]> => {
  const { revision, before, after } = change;
  const stored = await eventAt(of.store, accountStream(of.account), revision, { records: true });
  if (!stored) return [];
  const event = decodeEvent(stored);
  const at = instantText(event.at);
  const whole = { at, before, after, deducted: 0, givenBack: 0, voided: 0, forfeited: 0, event: revision };
  const other = { ...whole, record: null, reason: null };
  switch (event.type) {
    case 'CallsMetered':
      return metered(of, change, { at, records: recordsIn(stored, event.data) });
    case 'UsageCorrected':
      return [{ ...whole, ...corrected(of, event, change) }];
    case 'PackExpired':
      return [{ ...other, kind: 'expiry', forfeited: event.data.forfeited }];
    case 'PackVoided':
      return [{ ...other, kind: 'void', voided: before - after, reason: event.data.reference }];
    case 'PackReturned':
      return [{ ...other, kind: 'return', voided: before - after }];
    default:
      return [];
  }
};

/** One for each record of a batch that the pack paid for. */
const metered = (
  of: DeductionsOf,
  { revision, before }: Change,
  { at, records }: { readonly at: string; readonly records: readonly Recorded[] },
): Deduction[] => {
  let left = before;
  return records.flatMap(({ record, payment }, index): Deduction[] => {
    const deducted = pointsOf(
      payment.parts.flatMap(({ runs }) => runs),
      of.pack.pack,
    );
    if (deducted === 0) return [];
    left -= deducted;
    const sums = { before: left + deducted, deducted, givenBack: 0, voided: 0, after: left, forfeited: 0 };
    const { source, id, time } = record;
    const used = { source, id, interface: record.interface, time, index };
    return [{ kind: 'usage', at, ...sums, record: usedRecord(of, used), reason: null, event: revision }];
  });
};

const corrected = (of: DeductionsOf, { data }: EventOf<'UsageCorrected'>, { before, after }: Change) => {
  const runs = data.tallies.flatMap((tally) => tally.runs);
  const calls = (sign: 1 | -1): number =>
    pointsOf(
      runs.filter(([, n]) => Math.sign(n) === sign),
      of.pack.pack,
    ) * sign;
  const [deducted, givenBack] = [calls(1), calls(-1)];
  const { source, id, reason } = data;
  const used = { source, id, interface: data.interface, time: instantOf(data.time), index: null };
  const voided = before - deducted + givenBack - after;
  return {
    kind: 'correction' as const,
    ...{ deducted, givenBack, voided, reason, record: usedRecord(of, used) },
  };
};

/** Points of a pack in runs. */
const pointsOf = (runs: readonly PackRun[], pack: string): number =>
  runs.reduce((sum, [one, units, weight = 1]) => (one === pack ? sum + units * weight : sum), 0);

const usedRecord = (
  { calendar, catalogue }: DeductionsOf,
  used: Pick<UsedRecord, 'source' | 'id' | 'interface' | 'index'> & { readonly time: Instant },
): UsedRecord => {
  const day = calendar.dayOf(used.time);
  const book = inForce(catalogue, productOf(used.interface), calendar.monthOf(used.time))?.book;
  const one = book && indexOf(book).interfaces.get(used.interface);
  const meter = one && !isMeasured(one) ? one.meter : null;
  return { ...used, time: instantText(used.time), day, meter };
};
