/**
 * A ledger on EventStoreDB or KurrentDB. The engine keeps the events and detects version conflicts; this keeps what the
 * port promises: an append is retried idempotently, with the same ids and the same expected revision, until its outcome
 * is known, and no call waits longer than its time.
 */
import type { EventStoreDBClient } from '@eventstore/db-client';
import { type AppendExpectedRevision, NO_STREAM } from '@eventstore/db-client';
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
import { openTurns } from './append-fairness.ts';
import { type Known, openContinuity } from './continuity.ts';
import { enveloped } from './envelope.ts';
import { appendFailed, isPassing, translated } from './failures.ts';
import { openLink } from './link.ts';
import { onNewConnection } from './new-connections.ts';
import { type LastOfLedger, lastOfLedger, readAllPage, readLast, readStreamPage } from './pages.ts';
import { patiently } from './retried-calls.ts';
import { bringUp, type Directory } from './stream-directory.ts';
import { ENGINE_TIMES, type EngineTimes } from './timeouts.ts';
import { letClosedChannelsPass } from './unhandled-rejections.ts';

export interface EngineOptions {
  /** Names and heads of streams, which the engine cannot list. */
  readonly directory: Directory;
  /** Brings the directory up to the end of the ledger; default: reads on from where it stands. */
  readonly bringUp?: () => Promise<void>;
  readonly readOnly?: boolean;
  /** The last event that was read of this ledger before: where it is not there any more, the engine was restored. */
  readonly anchor?: Known | null;
  readonly times?: Partial<EngineTimes>;
}

export interface EngineStore extends EventStore {
  readonly appendMetrics: Readonly<Record<'appends' | 'events' | 'conflicts' | 'tries', number>>;
  /** Milliseconds since the engine last answered; 0 while it does. */
  silentFor(): number;
}

const PAGE_MS = 60_000;
/** Events of the ledger that one call reads. */
const ALL_PAGE = 2_000;

/** Opens a ledger at an engine's address; throws RangeError for an invalid one. Connects in the background. */
export const openEngineStore = (address: string, options: EngineOptions): EngineStore => {
  const engine = engineAddress(address);
  const { prefix, credentials } = engine;
  const { directory, readOnly = false } = options;
  const times = { ...ENGINE_TIMES, ...options.times };
  letClosedChannelsPass();
  const link = openLink(engine, times);
  const listeners = new Set<() => void>();
  const nudge = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const turns = openTurns();
  const metrics = { appends: 0, events: 0, conflicts: 0, tries: 0 };
  let open = true;
  /** The range (after, to] holds no ledger events; advance the cursor. */
  let quiet: { after: Position | null; to: Position } | null = null;

  /** Runs a call until it is answered, on an engine that was found to be the one that was read before. */
  const patient = <T>(what: string, work: (client: EventStoreDBClient) => Promise<T>, ms: number) =>
    patiently(
      what,
      async () => {
        await continuity.assured();
        return call(work, ms);
      },
      times.patienceMs,
      () => open,
    );

  const call = <T>(work: (client: EventStoreDBClient) => Promise<T>, ms: number): Promise<T> =>
    link.call(work, ms).catch((error: unknown) => {
      if (isPassing(error)) continuity.doubt();
      throw error;
    });

  const ask = <T>(what: string, work: (client: EventStoreDBClient) => Promise<T>): Promise<T> =>
    patient(what, work, PAGE_MS).catch((error: unknown) => {
      throw translated(what, error);
    });

  const continuity = openContinuity(options.anchor ?? null, async ({ stream, revision }) => {
    const page = { from: revision, limit: 1, direction: 'forwards', records: false } as const;
    const [event] = await call((client) => readStreamPage(client, prefix, stream, page), times.callMs);
    return event;
  });
  /** Resolves when the engine was found to hold what was read of it. */
  const assured = (): Promise<void> =>
    patiently('the ledger', continuity.assured, times.patienceMs, () => open);
  const looked = (): Promise<void> => {
    continuity.doubt();
    return assured();
  };
  const quietConnections = onNewConnection(continuity.doubt);
  const moved = (): void => {
    // Without waiting for it: what is asked over a new connection waits, and this finds what came over no new one.
    if (open) looked().catch(() => undefined);
    nudge();
  };
  link.onMoved(moved);
  /** The ledger's last event, as of the engine's last event `top`. */
  let known: LastOfLedger = { end: null, top: null };

  const seen = <Event extends Known>(events: readonly Event[]): readonly Event[] => {
    for (const event of events) continuity.seen(event);
    return events;
  };

  const read: EventStore['read'] = async (stream, page) => [
    ...seen(await ask(stream, (client) => readStreamPage(client, prefix, stream, page))),
  ];

  const readAll: EventStore['readAll'] = async ({ after, limit, records }) => {
    const events: RecordedEvent[] = [];
    let from = quiet?.after === after ? quiet.to : after;
    while (events.length < limit) {
      const start = from;
      const most = Math.min(limit - events.length, ALL_PAGE);
      const page = await ask('the ledger', (client) => readAllPage(client, prefix, start, most, records));
      events.push(...seen(page.events));
      from = page.to ?? from;
      if (page.isLast) break;
    }
    if (events.length === 0 && from !== null && from !== after) quiet = { after, to: from };
    return events;
  };

  const append: EventStore['append'] = async (stream, expected, events) => {
    if (!open || readOnly)
      throw new StoreUnavailable(open ? 'the ledger is open for reading' : 'the ledger is closed');
    checkAppend(stream, expected, events);
    const enclosed = events.map(enveloped);
    const expectedRevision: AppendExpectedRevision = expected === 0 ? NO_STREAM : BigInt(expected - 1);
    const options = { expectedRevision, credentials, requiresLeader: true, deadline: times.callMs };
    await turns.room(stream);
    let sent: { doubts: number; behind: Position | null } = { doubts: 0, behind: null };
    const { position } = await patient(
      stream,
      (client) => {
        metrics.tries += 1;
        sent = { doubts: continuity.doubts(), behind: continuity.anchor()?.position ?? null };
        return client.appendToStream(prefix + stream, enclosed, options);
      },
      times.callMs,
    ).catch(async (error: unknown) => {
      const failed = appendFailed(stream, expected, appendBytes(events), error);
      if (failed instanceof VersionConflict) {
        metrics.conflicts += 1;
        turns.lost(stream);
        // Streams do not get shorter.
        if (failed.actual < expected) await looked();
      }
      throw failed;
    });
    const at = position ? String(position.commit) : await positionOf(stream, expected + events.length - 1);
    // The client may have sent it over a connection that was made meanwhile, and an engine that was restored gives
    // positions that were given before.
    if (continuity.doubts() !== sent.doubts) await assured();
    else if (comparePositions(at, sent.behind) <= 0) await looked();
    const last = events.at(-1);
    if (last) continuity.seen({ ...last, position: at });
    turns.appended(stream);
    metrics.appends += 1;
    metrics.events += events.length;
    nudge();
    return at;
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
      if (last) continuity.seen(last);
      return { length: (last?.revision ?? -1) + 1, hash: last?.hash ?? null };
    },
    end: async () => {
      const anchored = continuity.anchor()?.position ?? null;
      const before = comparePositions(anchored, known.top) > 0 ? { end: anchored, top: anchored } : known;
      const found = await ask('the end of the ledger', (client) => lastOfLedger(client, prefix, before));
      // Of two that look at once, the one that saw more is kept.
      if (comparePositions(found.top, known.top) > 0) known = found;
      return known.end;
    },
    streams: async (page) => (await directoryNow()).streams(page),
    heads: async (page) => (await directoryNow()).heads(page),
    onAppended: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    continuity: { assured, look: looked, onRestored: continuity.onRestored },
    silentFor: link.silentFor,
    close: async () => {
      if (!open) return;
      open = false;
      quietConnections();
      directory.close();
      await link.close();
    },
  };
};
