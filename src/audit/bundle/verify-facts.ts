/** The facts in a bundle: their chain, the state carried into the month, and every one of them decided again. */
import { decodeEvent } from '../../codec/event-codec.ts';
import type { Bill } from '../../domain/bill.ts';
import { type Calendar, calendarOf } from '../../domain/calendar.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import { payloadDigest } from '../../store/seal.ts';
import { differingPaths } from '../differences.ts';
import { type Closed, type MonthReplay, replayMonth } from '../replay-month.ts';
import { type Chain, openChain } from './chain.ts';
import type * as format from './format.ts';
import type { Report } from './verdict.ts';

type About = ReturnType<typeof format.about.parse>;
type EventLine = ReturnType<typeof format.event.parse>;

export interface Facts {
  readonly chain: Chain;
  add(line: EventLine, lines: readonly string[] | null): void;
  /** Compares what came out with the bill; after the last fact. */
  end(bill: Bill): { events: number; records: number };
}

/** Begins with the facts of a bundle, once its catalogue is read. */
export const openFacts = (about: About, catalogue: Catalogue, report: Report): Facts => {
  const { stream, from, to } = about;
  const chain = openChain(stream, from, about.previous, report);
  const calendar: Calendar = calendarOf(about.zone);
  const since = from === 0 && about.previous === NONE ? 0 : from + 1;
  let isBase = since > from;
  let month: MonthReplay | null = null;
  let closed: Closed | null = null;
  let last = from - 1;

  const begin = (before: Closed | null): MonthReplay =>
    replayMonth({ calendar, catalogue }, { stream, since, before, published: about.catalogue });

  return {
    chain,
    add: (line, lines) => {
      const { revision, header, data } = line;
      last = revision;
      const previous = revision === 0 ? '' : chain.head();
      chain.add('event', line, payloadDigest(data, lines));
      const fact = decodeEvent({ stream, revision, header, data });
      if (isBase) {
        isBase = false;
        if (fact.type !== 'MonthClosed')
          report('event', 'type', 'MonthClosed', fact.type, { stream, revision });
        else month = begin(fact);
        return;
      }
      month ??= begin(null);
      month.next({ revision, header, data, fact, lines, previous });
      closed = fact.type === 'MonthClosed' ? fact : null;
    },
    end: (bill) => {
      const event = { stream, revision: to };
      if (last !== to) report('event', 'last event', to, last, event);
      if (!closed || !month) {
        report('event', 'last event', 'MonthClosed', closed ? 'no facts before it' : 'another fact', event);
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

const NONE = '0'.repeat(64);
