/** Reads of a ledger on an engine: pages of a stream and of the ledger, and its end. */
import { comparePositions, type EventStore, type Position, type RecordedEvent } from '../event-store.ts';
import type { EngineCalls } from './calls.ts';
import type { Known } from './detect-restored-engine.ts';
import { type LastOfLedger, lastOfLedger, readAllPage, readLast, readStreamPage } from './pages.ts';

/** Events of the ledger that one call reads. */
const ALL_PAGE = 2_000;

export type EngineReads = Pick<EventStore, 'read' | 'readAll' | 'head' | 'end'>;

/** What reads of a ledger have learned about the engine's log. */
interface Learned {
  /** The range (after, to] holds no ledger events; advance the cursor. */
  quiet: { readonly after: Position | null; readonly to: Position } | null;
  /** The ledger's last event, as of the engine's last event `top`. */
  known: LastOfLedger;
}

/** Reads of the ledger whose stream names have a prefix. */
export const openReads = (calls: EngineCalls, prefix: string): EngineReads => {
  const learned: Learned = { quiet: null, known: { end: null, top: null } };
  return {
    read: async (stream, page) => [
      ...seen(calls, await calls.ask(stream, (client) => readStreamPage(client, prefix, stream, page))),
    ],
    readAll: (page) => readAll(calls, prefix, learned, page),
    head: async (stream) => {
      const last = await calls.ask(stream, (client) => readLast(client, prefix, stream));
      if (last) calls.continuity.seen(last);
      return { length: (last?.revision ?? -1) + 1, hash: last?.hash ?? null };
    },
    end: () => endOf(calls, prefix, learned),
  };
};

const seen = <Event extends Known>(calls: EngineCalls, events: readonly Event[]): readonly Event[] => {
  for (const event of events) calls.continuity.seen(event);
  return events;
};

const readAll = async (
  calls: EngineCalls,
  prefix: string,
  learned: Learned,
  { after, limit, records }: Parameters<EventStore['readAll']>[0],
): Promise<RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  let from = learned.quiet?.after === after ? learned.quiet.to : after;
  while (events.length < limit) {
    const start = from;
    const most = Math.min(limit - events.length, ALL_PAGE);
    const page = await calls.ask('the ledger', (client) => readAllPage(client, prefix, start, most, records));
    events.push(...seen(calls, page.events));
    from = page.to ?? from;
    if (page.isLast) break;
  }
  if (events.length === 0 && from !== null && from !== after) learned.quiet = { after, to: from };
  return events;
};

const endOf = async (calls: EngineCalls, prefix: string, learned: Learned): Promise<Position | null> => {
  const anchored = calls.continuity.anchor()?.position ?? null;
  const isFurther = comparePositions(anchored, learned.known.top) > 0;
  const before = isFurther ? { end: anchored, top: anchored } : learned.known;
  const found = await calls.ask('the end of the ledger', (client) => lastOfLedger(client, prefix, before));
  // Of two concurrent results, the later one is kept.
  if (comparePositions(found.top, learned.known.top) > 0) learned.known = found;
  return learned.known.end;
};
