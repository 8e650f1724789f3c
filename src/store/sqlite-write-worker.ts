/** The thread that writes the embedded engine's file; what it is asked, it does in that order. */
import { parentPort, workerData } from 'node:worker_threads';
import { openGroupCommit } from './sqlite-group-commit.ts';
import { openHeads } from './sqlite-heads.ts';
import { openForCommits } from './sqlite-open.ts';
import { prepareStatements } from './sqlite-rows.ts';
import { type PackedGroup, unpackedGroup } from './sqlite-write-message.ts';

/** A write is answered with what became of it; the others are not. */
export type WriteRequest =
  | (PackedGroup & { readonly type: 'write' })
  | { readonly type: 'limit'; readonly pages: number }
  | { readonly type: 'close' };

const port = parentPort;
if (!port) throw new Error('the embedded engine is written in a worker thread');

const db = openForCommits((workerData as { path: string }).path);
const sql = prepareStatements(db);
const commit = openGroupCommit(db, sql, openHeads(sql));

port.on('message', (asked: WriteRequest) => {
  if (asked.type === 'write') port.postMessage(commit(unpackedGroup(asked)));
  else if (asked.type === 'limit') db.exec(`PRAGMA max_page_count = ${asked.pages}`);
  else {
    db.close();
    port.close();
  }
});
