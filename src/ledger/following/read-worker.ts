/**
 * Decodes engine responses in a separate thread, for the thread that maintains the views: decoding costs as much as
 * projecting, and a starting server waits for both.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Anchor } from '../../eventstore/anchor.ts';
import type { Position, RecordedEvent } from '../../eventstore/event-store.ts';
import { type EngineStore, openEngineStore } from '../../eventstore/eventstoredb/store.ts';
import { openDirectory } from '../../eventstore/eventstoredb/stream-directory.ts';
import type { EngineTimes } from '../../eventstore/eventstoredb/timeouts.ts';

/** The thread's parameters. */
export interface ReadOf {
  readonly address: string;
  readonly times: EngineTimes;
  /** The last event that was read before. */
  readonly anchor: Anchor | null;
}

/** Requests a page after a position, without records. */
export interface ReadRequest {
  readonly type: 'page';
  readonly after: Position | null;
  readonly limit: number;
}

/** The end of it all; it is not answered. */
export interface ReadStop {
  readonly type: 'stop';
}

export type ReadReply =
  | { readonly type: 'page'; readonly id: number; readonly page: readonly RecordedEvent[] }
  | { readonly type: 'failed'; readonly id: number; readonly why: string };

export type ReadNews =
  /** Something was appended, by any server. */
  | { readonly type: 'moved' }
  /** The engine no longer has what was read of it. */
  | { readonly type: 'restored'; readonly why: string };

const port = parentPort;
if (!port) throw new Error('a ledger is read in a worker thread');
const post = (reply: ReadReply | ReadNews): void => port.postMessage(reply);

const { address, times, anchor } = workerData as ReadOf;
let opened: EngineStore | null = null;

/** A store whose certificate file is temporarily missing is opened later. */
const store = (): EngineStore => {
  if (opened) return opened;
  opened = openEngineStore(address, { directory: openDirectory(':memory:'), readOnly: true, times, anchor });
  opened.onAppended(() => post({ type: 'moved' }));
  opened.continuity?.onRestored(({ message }) => post({ type: 'restored', why: message }));
  return opened;
};
const AGAIN_MS = 1_000;
const opening = setInterval(() => {
  try {
    store();
    clearInterval(opening);
    post({ type: 'moved' });
  } catch {
    // The error is transient; opening is retried.
  }
}, AGAIN_MS);

const pageOf = async ({ after, limit }: ReadRequest) => store().readAll({ after, limit, records: false });

port.on('message', async (request: (ReadRequest & { readonly id: number }) | ReadStop) => {
  if (request.type === 'stop') {
    clearInterval(opening);
    await opened?.close();
    port.close();
    return;
  }
  const { id } = request;
  await pageOf(request).then(
    (page) => post({ type: 'page', id, page }),
    (error) => post({ type: 'failed', id, why: error instanceof Error ? error.message : String(error) }),
  );
});
