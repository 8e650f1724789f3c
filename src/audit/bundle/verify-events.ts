/** Verifies the events in a bundle: hash chain, the state carried into the month, and the replay of every event. */
import type * as z from 'zod';
import { decodeEvent, decodeHeader, encodeEvent } from '../../codec/event-codec.ts';
import { currentVersion } from '../../codec/upcasts.ts';
import type { Bill } from '../../domain/bill.ts';
import { type Calendar, calendarOf, nextMonth } from '../../domain/calendar.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import type { AccountEvent } from '../../domain/events.ts';
import { NO_PREVIOUS, payloadDigest } from '../../integrity/hash-chain.ts';
import { differingPaths } from '../replay/json-diff.ts';
import { type Closed, digestOf, type MonthReplay, replayMonth } from '../replay/replay-month.ts';
import { checkShape, EVENTS_SIZE_MAX, WORK_MAX, within } from './bundle-bounds.ts';
import type * as format from './format.ts';
import type { Report } from './verdict.ts';
import { type Chain, openChain } from './verify-chain.ts';

type About = ReturnType<typeof format.about.parse>;
type EventLine = ReturnType<typeof format.event.parse>;

export interface BundleEvents {
  readonly chain: Chain;
  add(line: EventLine, lines: readonly string[] | null): void;
  /** Checks an edition that the close did not use: it must have been published after the close. */
  laterEdition(line: z.infer<typeof format.link>): void;
  /** Compares the result of the replay with the bill; call it after the last event. */
  end(bill: Bill): { events: number; records: number };
}

/** Starts verifying the events of a bundle; its catalogue must have been read. */
export const openBundleEvents = (about: About, catalogue: Catalogue, report: Report): BundleEvents => {
  const { stream, from, to } = about;
  const chain = openChain(stream, from, about.previous, report);
  const calendar: Calendar = calendarOf(about.zone);
  const since = from === 0 && about.previous === NO_PREVIOUS ? 0 : from + 1;
  let isBase = since > from;
  let month: MonthReplay | null = null;
  let closed: Closed | null = null;
  let last = from - 1;
  let closedAt = 0;
  let [size, work] = [0, 0];

  const begin = (before: Closed | null): MonthReplay =>
    replayMonth({ calendar, catalogue }, { stream, since, before, published: about.catalogue });

  return {
    chain,
    add: (line, lines) => {
      const { revision, header, data } = line;
      if (closed) throw new Error('an event follows the close of the month');
      checkShape(header, data);
      last = revision;
      closedAt = Date.parse(decodeHeader({ stream, revision, header, data }).recordedAt);
      const previous = revision === 0 ? '' : chain.head();
      chain.add('event', line, payloadDigest(data, lines));
      const event = decodeEvent({ stream, revision, header, data });
      checkSpelling(event, { stream, revision, header, data }, report);
      if (isBase) {
        isBase = false;
        if (event.type !== 'MonthClosed')
          report('event', 'type', 'MonthClosed', event.type, { stream, revision });
        else {
          checkBase(about, event, lines, { stream, revision }, report);
          month = begin(event);
        }
        return;
      }
      month ??= begin(null);
      const { isSame, held } = month.next({ revision, header, data, event, lines, previous });
      if (event.type !== 'CallsMetered' || !isSame) size += data.length;
      work += held;
      within('characters of events', size, EVENTS_SIZE_MAX);
      within('packs, suspensions and disputes to look at, over all events', work, WORK_MAX);
      closed = event.type === 'MonthClosed' ? event : null;
    },
    laterEdition: ({ stream: name, revision, header }) => {
      const event = { stream: name, revision };
      checkShape(header);
      const { recordedAt } = decodeHeader({ ...event, header, data: '' });
      if (Date.parse(recordedAt) < closedAt - LATENESS_MS)
        report('link', 'recordedAt', `not before the close: ${calendar.textOf(closedAt)}`, recordedAt, event);
    },
    end: (bill) => {
      const event = { stream, revision: to };
      if (last !== to) report('event', 'last event', to, last, event);
      if (!closed || !month) {
        report('event', 'last event', 'MonthClosed', closed ? 'no events before it' : 'another event', event);
        return { events: 0, records: 0 };
      }
      if (closed.data.catalogue !== about.catalogue)
        report('about', 'catalogue', closed.data.catalogue, about.catalogue, event);
      for (const { path, recorded, replayed } of differingPaths(closed.data.bill, bill))
        report('bill', `bill of the close: ${path}`, recorded ?? null, replayed ?? null, event);
      const { events, records, differences, match } = month.result(bill);
      for (const { event: at, path, recorded, replayed } of differences)
        report('event', `replay: ${path}`, replayed ?? null, recorded ?? null, at);
      if (!match && differences.length === 0)
        report('bill', 'replay', 'the bill byte for byte', 'another bill', event);
      return { events, records };
    },
  };
};

/** Allowed lag: a server may close a month before it has read an edition that another one published. */
const LATENESS_MS = 5 * 60_000;

interface EventPlace {
  readonly stream: string;
  readonly revision: number;
}

/** Checks the previous close: that it is of this account and the previous month, with an intact bill. */
const checkBase = (
  { account, month }: About,
  { data: { bill, carried } }: Closed,
  lines: readonly string[] | null,
  event: EventPlace,
  report: Report,
): void => {
  const due = nextMonth(bill.month);
  if (due !== month) report('event', 'month after the close before', month, due, event);
  for (const id of [bill.account, carried.account])
    if (id !== account) report('event', 'account of the close before', account, id, event);
  if (digestOf(bill) !== bill.digest)
    report('event', 'digest of the bill before', digestOf(bill), bill.digest, event);
  if (lines) report('event', 'records', 'none', lines.length, event);
};

/** Checks that an event has no content besides what is decoded; older versions may have another form. */
const checkSpelling = (event: AccountEvent, stored: EventPlace & StoredText, report: Report): void => {
  const header = decodeHeader(stored);
  if (Number.isNaN(Date.parse(header.recordedAt)))
    report('event', 'recordedAt', 'an instant', header.recordedAt, stored);
  if (!sameJson(stored.header, header)) report('event', 'header', header, stored.header, stored);
  if (header.version !== currentVersion(event.type)) return;
  const { data } = encodeEvent(event, header.recordedAt);
  if (!sameJson(stored.data, JSON.parse(data))) report('event', 'data', data, stored.data, stored);
};

interface StoredText {
  readonly header: string;
  readonly data: string;
}

const sameJson = (text: string, value: unknown): boolean =>
  canonicalJson(JSON.parse(text)) === canonicalJson(value);
