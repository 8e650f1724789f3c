/** The thread that keeps a ledger's views: reads the store beside its writer and follows it until told to stop. */
import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteStore } from '../store/sqlite.ts';
import { openViews } from '../store/views.ts';
import { catchUp } from './follow.ts';

/** Read on: something was appended. Catch up: say when everything appended so far is in the views. */
export interface FollowRequest {
  readonly type: 'read-on' | 'catch-up' | 'stop';
  readonly id: number;
}

export interface FollowReply {
  readonly id: number;
  /** Why the views could not be brought up; null: they were. */
  readonly failed: string | null;
}

const { path } = workerData as { path: string };
const port = parentPort;
if (!port) throw new Error('views are followed in a worker thread');

const store = openSqliteStore(path, { readOnly: true });
const views = openViews(`${path}.views`);
let tail: Promise<void> = Promise.resolve();

/** Views that cannot be written now (a full disk) are read on for another time: what is missing stays behind them. */
const followed = async (): Promise<string | null> => {
  try {
    await catchUp(store, views);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

port.on('message', ({ type, id }: FollowRequest) => {
  tail = tail.then(async () => {
    const failed = await followed();
    if (type === 'stop') {
      views.close();
      await store.close();
    }
    port.postMessage({ id, failed } satisfies FollowReply);
    if (type === 'stop') port.close();
  });
});
