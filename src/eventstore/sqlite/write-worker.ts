/** The thread that writes the embedded engine's file; what it is asked, it does in that order. */
import { parentPort, workerData } from 'node:worker_threads';
import { openGroupCommit } from './group-commit.ts';
import { openMarker } from './head-mark.ts';
import { openHeads } from './heads.ts';
import { openForCommits } from './open.ts';
import { prepareStatements } from './rows.ts';
import { type PackedGroup, unpackedGroup } from './write-message.ts';

/** A write is answered with its outcome; the others are not answered. */
export type WriteRequest =
  | (PackedGroup & { readonly type: 'write' })
  | { readonly type: 'limit'; readonly pages: number }
  | { readonly type: 'close' };

const port = parentPort;
if (!port) throw new Error('the embedded engine is written in a worker thread');

const { path, marked } = workerData as { path: string; marked: string | null };
const db = openForCommits(path);
const sql = prepareStatements(db);
const marker = marked === null ? null : openMarker(marked);
const commit = openGroupCommit(db, sql, openHeads(sql), marker);

port.on('message', (asked: WriteRequest) => {
  if (asked.type === 'write') port.postMessage(commit(unpackedGroup(asked)));
  else if (asked.type === 'limit') db.exec(`PRAGMA max_page_count = ${asked.pages}`);
  else {
    marker?.close();
    db.close();
    port.close();
  }
});
