/**
 * The thread that reads an engine's ledger for the one that keeps the views: to take what an engine sends apart is as much
 * work as to project it, and both together are what a new server waits for.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { openDirectory } from '../store/directory.ts';
import type { Position, RecordedEvent } from '../store/event-store.ts';
import { openEngineStore } from '../store/eventstoredb/store.ts';

/** A page behind a position, without records; or the end of it all. */
export type ReadRequest =
  | { readonly type: 'page'; readonly id: number; readonly after: Position | null; readonly limit: number }
  | { readonly type: 'stop' };

export type ReadReply =
  | { readonly type: 'page'; readonly id: number; readonly page: readonly RecordedEvent[] }
  | { readonly type: 'failed'; readonly id: number; readonly why: string }
  /** Something was appended, by whomever. */
  | { readonly type: 'moved' };

const port = parentPort;
if (!port) throw new Error('a ledger is read in a worker thread');
const post = (reply: ReadReply): void => port.postMessage(reply);

const { address } = workerData as { readonly address: string };
const store = openEngineStore(address, { directory: openDirectory(':memory:'), readOnly: true });
store.onAppended(() => post({ type: 'moved' }));

port.on('message', async (request: ReadRequest) => {
  if (request.type === 'stop') {
    await store.close();
    port.close();
    return;
  }
  const { id, after, limit } = request;
  await store.readAll({ after, limit, records: false }).then(
    (page) => post({ type: 'page', id, page }),
    (error) => post({ type: 'failed', id, why: error instanceof Error ? error.message : String(error) }),
  );
});
