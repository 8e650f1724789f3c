/**
 * A ledger on EventStoreDB or KurrentDB. The engine stores the events and detects version conflicts; this adapter
 * provides the rest of the port: idempotent appends (`appends.ts`), time limits on calls (`calls.ts`), and detection of
 * a restored engine (`detect-restored-engine.ts`).
 */
import { type EventStore, StoreUnavailable } from '../event-store.ts';
import { engineAddress } from './address.ts';
import { openAppendGaps } from './append-fairness.ts';
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
  /** Brings the directory up to the end of the ledger; default: reads on from its position. */
  readonly bringUp?: () => Promise<void>;
  readonly readOnly?: boolean;
  /** The last event read of this ledger before; if it is missing, the engine was restored. */
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
    // In the background: calls on a new connection wait for it, and it covers a restore without a new connection.
    if (open) calls.looked().catch(() => undefined);
    nudge();
  });

  const metrics = { appends: 0, events: 0, conflicts: 0, tries: 0 };
  const gaps = openAppendGaps();
  const appending: Appending = { engine, calls, read, gaps, metrics, callMs: times.callMs };
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
