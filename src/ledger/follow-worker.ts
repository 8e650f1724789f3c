/** The thread that keeps a ledger's views: reads the store beside its writer and follows it until told to stop. */
import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteStore } from '../store/sqlite.ts';
import { openViews } from '../store/views.ts';
import { catchUp } from './follow.ts';

/** Read on: something was appended. Catch up: say when everything appended so far is in the views. */
export type FollowRequest = { readonly type: 'read-on' | 'catch-up' | 'stop' };

const { path } = workerData as { path: string };
const port = parentPort;
if (!port) throw new Error('views are followed in a worker thread');

const store = openSqliteStore(path, { readOnly: true });
const views = openViews(`${path}.views`);
let tail: Promise<void> = Promise.resolve();

port.on('message', ({ type }: FollowRequest) => {
  tail = tail.then(async () => {
    await catchUp(store, views);
    if (type === 'read-on') return;
    if (type === 'stop') {
      views.close();
      await store.close();
    }
    port.postMessage(type);
    if (type === 'stop') port.close();
  });
});
