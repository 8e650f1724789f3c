/**
 * A ledger on EventStoreDB or KurrentDB. The engine keeps the events and decides who was first; this keeps what the port
 * promises: an append is made again with the same ids and the same expected revision until its outcome is known, and no
 * call waits longer than its time.
 */
import type { EventStoreDBClient } from '@eventstore/db-client';
import { type AppendExpectedRevision, NO_STREAM } from '@eventstore/db-client';
import { bringUp, type Directory } from '../directory.ts';
import {
  appendBytes,
  checkAppend,
  comparePositions,
  type EventStore,
  type Position,
  type RecordedEvent,
  StoreUnavailable,
  VersionConflict,
} from '../event-store.ts';
import { engineAddress } from './address.ts';
import { enveloped } from './envelope.ts';
import { appendFailed, translated } from './failures.ts';
import { letClosedChannelsPass } from './guard.ts';
import { type LinkTimes, openLink } from './link.ts';
import { lastOfLedger, readAllPage, readLast, readStreamPage } from './pages.ts';
import { patiently } from './patient.ts';
import { openTurns } from './turns.ts';

export interface EngineOptions {
  /** Names and heads of streams, which the engine cannot list. */
  readonly directory: Directory;
  /** Brings the directory up to the end of the ledger; default: reads on from where it stands. */
  readonly bringUp?: () => Promise<void>;
  readonly readOnly?: boolean;
  readonly times?: Partial<EngineTimes>;
}

export interface EngineStore extends EventStore {
  readonly appendMetrics: Readonly<Record<'appends' | 'events' | 'conflicts' | 'tries', number>>;
  /** Milliseconds since the engine last answered; 0 while it does. */
  silentFor(): number;
}

export interface EngineTimes extends LinkTimes {
  /** An append without an answer for so long is sent again, as a read is that brings nothing more. */
  readonly callMs: number;
  /** How long a call is made again before its caller is told that the engine is not there. */
  readonly patienceMs: number;
}

const TIMES: EngineTimes = { pulseMs: 200, deadMs: 1_500, callMs: 4_000, patienceMs: 8_000 };
const PAGE_MS = 60_000;
/** Events of `$all` looked at in one call. */
const ALL_PAGE = 1_000;

/** Opens a ledger at an engine's address; throws RangeError for one that is none. Connects in the background. */
export const openEngineStore = (address: string, options: EngineOptions): EngineStore => {
  const engine = engineAddress(address);
  const { prefix, credentials } = engine;
  const { directory, readOnly = false } = options;
  const times = { ...TIMES, ...options.times };
  letClosedChannelsPass();
  const link = openLink(engine, times);
  const listeners = new Set<() => void>();
  const nudge = (): void => {
    for (const listener of [...listeners]) listener();
  };
  link.onMoved(nudge);
  const turns = openTurns();
  const metrics = { appends: 0, events: 0, conflicts: 0, tries: 0 };
  let open = true;
  /** Behind `after` the engine has nothing of the ledger up to `to`. */
  let quiet: { after: Position | null; to: Position } | null = null;
  /** The ledger's last event, as of the engine's last event `top`. */
  let known: { end: Position | null; top: Position | null } = { end: null, top: null };

  const patient = <T>(what: string, work: (client: EventStoreDBClient) => Promise<T>, ms: number) =>
    patiently(
      what,
      () => link.call(work, ms),
      times.patienceMs,
      () => open,
    );

  const ask = <T>(what: string, work: (client: EventStoreDBClient) => Promise<T>): Promise<T> =>
    patient(what, work, PAGE_MS).catch((error: unknown) => {
      throw translated(what, error);
    });

  const read: EventStore['read'] = (stream, page) =>
    ask(stream, (client) => readStreamPage(client, prefix, stream, page));

  const readAll: EventStore['readAll'] = async ({ after, limit, records }) => {
    const events: RecordedEvent[] = [];
    let from = quiet?.after === after ? quiet.to : after;
    let isSparse = false;
    while (events.length < limit) {
      const start = from;
      // Where little is the ledger's, the rest is passed over in large steps.
      const most: number = isSparse ? ALL_PAGE : Math.min(limit - events.length, ALL_PAGE);
      const page = await ask('the ledger', (client) => readAllPage(client, prefix, start, most, records));
      events.push(...page.events);
      from = page.to ?? from;
      if (page.isLast) break;
      isSparse = page.events.length < most / 2;
    }
    if (events.length === 0 && from !== null && from !== after) quiet = { after, to: from };
    return events.slice(0, limit);
  };

  const append: EventStore['append'] = async (stream, expected, events) => {
    if (!open || readOnly)
      throw new StoreUnavailable(open ? 'the ledger is open for reading' : 'the ledger is closed');
    checkAppend(stream, expected, events);
    const sent = events.map(enveloped);
    const expectedRevision: AppendExpectedRevision = expected === 0 ? NO_STREAM : BigInt(expected - 1);
    const call = {
      expectedRevision,
      credentials,
      requiresLeader: true,
      deadline: times.callMs,
    };
    await turns.room(stream);
    const { position } = await patient(
      stream,
      (client) => {
        metrics.tries += 1;
        return client.appendToStream(prefix + stream, sent, call);
      },
      times.callMs,
    ).catch((error: unknown) => {
      const failed = appendFailed(stream, expected, appendBytes(events), error);
      if (failed instanceof VersionConflict) {
        metrics.conflicts += 1;
        turns.lost(stream);
      }
      throw failed;
    });
    turns.appended(stream);
    metrics.appends += 1;
    metrics.events += events.length;
    nudge();
    return position ? String(position.commit) : positionOf(stream, expected + events.length - 1);
  };

  const positionOf = async (stream: string, revision: number): Promise<Position> => {
    const [event] = await read(stream, { from: revision, limit: 1, direction: 'forwards', records: false });
    if (!event) throw new StoreUnavailable(`${stream}: what was appended cannot be read`);
    return event.position;
  };

  const directoryNow = async (): Promise<Directory> => {
    await (options.bringUp ?? (() => bringUp(directory, readAll)))();
    return directory;
  };

  return {
    appendMetrics: metrics,
    append,
    read,
    readAll,
    head: async (stream) => {
      const last = await ask(stream, (client) => readLast(client, prefix, stream));
      return { length: (last?.revision ?? -1) + 1, hash: last?.hash ?? null };
    },
    end: async () => {
      const { top } = known;
      const found = await ask('the end of the ledger', (client) => lastOfLedger(client, prefix, top));
      // Of two that look at once, the one that saw more is kept.
      if (comparePositions(found.top, known.top) > 0) known = { end: found.end ?? known.end, top: found.top };
      return known.end;
    },
    streams: async (page) => (await directoryNow()).streams(page),
    heads: async (page) => (await directoryNow()).heads(page),
    onAppended: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    silentFor: link.silentFor,
    close: async () => {
      if (!open) return;
      open = false;
      directory.close();
      await link.close();
    },
  };
};
