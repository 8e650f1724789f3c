/**
 * A ledger on EventStoreDB or KurrentDB. The engine keeps the events and detects version conflicts; this keeps what the
 * port promises: appends are idempotent (`appends.ts`), no call waits longer than its time (`calls.ts`), and an engine
 * that was restored is detected (`detect-restored-engine.ts`).
 */
import { type EventStore, StoreUnavailable } from '../event-store.ts';
import { engineAddress } from './address.ts';
import { openTurns } from './append-fairness.ts';
import { type Appending, type AppendMetrics, appendTo } from './appends.ts';
import { openCalls } from './calls.ts';
import { openLink } from './connection.ts';
import type { Known } from './detect-restored-engine.ts';
import { onNewConnection } from './new-connections.ts';
import { openReads } from './reads.ts';
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
  readonly appendMetrics: Readonly<AppendMetrics>;
  /** Milliseconds since the engine last answered; 0 while it does. */
  silentFor(): number;
}

/** Opens a ledger at an engine's address; throws RangeError for an invalid one. Connects in the background. */
export const openEngineStore = (address: string, options: EngineOptions): EngineStore => {
  const engine = engineAddress(address);
  const { directory, readOnly = false } = options;
  const times = { ...ENGINE_TIMES, ...options.times };
  letClosedChannelsPass();
  const link = openLink(engine, times);
  let open = true;
  const isOpen = () => open;
  const anchor = options.anchor ?? null;
  const calls = openCalls({ link, times, prefix: engine.prefix, anchor, isOpen });
  const { continuity } = calls;
  const quietConnections = onNewConnection(continuity.doubt);
  const { read, readAll, head, end } = openReads(calls, engine.prefix);

  const listeners = new Set<() => void>();
  const nudge = (): void => {
    for (const listener of [...listeners]) listener();
  };
  link.onMoved(() => {
    // Without waiting for it: what is asked over a new connection waits, and this finds what came over no new one.
    if (open) calls.looked().catch(() => undefined);
    nudge();
  });

  const metrics = { appends: 0, events: 0, conflicts: 0, tries: 0 };
  const turns = openTurns();
  const appending: Appending = { engine, calls, read, turns, metrics, callMs: times.callMs };
  const directoryNow = async (): Promise<Directory> => {
    await (options.bringUp ?? (() => bringUp(directory, readAll)))();
    return directory;
  };

  return {
    appendMetrics: metrics,
    ...{ read, readAll, head, end },
    append: async (stream, expected, events) => {
      if (!open || readOnly)
        throw new StoreUnavailable(open ? 'the ledger is open for reading' : 'the ledger is closed');
      const position = await appendTo(appending, stream, expected, events);
      nudge();
      return position;
    },
    streams: async (page) => (await directoryNow()).streams(page),
    heads: async (page) => (await directoryNow()).heads(page),
    onAppended: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    continuity: { assured: calls.assured, look: calls.looked, onRestored: continuity.onRestored },
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
