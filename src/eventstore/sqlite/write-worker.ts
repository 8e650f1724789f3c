/** The thread that writes the embedded store's file; processes its messages in order. */
import { parentPort, workerData } from 'node:worker_threads';
import { openGroupCommit, type Written } from './group-commit.ts';
import { openHeads } from './head-cache.ts';
import { openForCommits } from './open.ts';
import { prepareStatements } from './rows.ts';
import { openWatermark } from './watermark.ts';
import { type PackedGroup, unpackedGroup } from './write-message.ts';

/** A group that is to be written. */
export type WriteRequest = PackedGroup;

/** A message without an answer. */
export type WriteOrder = { readonly type: 'limit'; readonly pages: number } | { readonly type: 'close' };

export interface WriteReply {
  readonly id: number;
  readonly written: Written;
}

const port = parentPort;
if (!port) throw new Error('the embedded engine is written in a worker thread');

const { path, marked } = workerData as { path: string; marked: string | null };
const db = openForCommits(path);
const sql = prepareStatements(db);
const watermark = marked === null ? null : openWatermark(marked);
const commit = openGroupCommit(db, sql, openHeads(sql), watermark);

port.on('message', (asked: (WriteRequest & { readonly id: number }) | WriteOrder) => {
  if ('id' in asked)
    port.postMessage({ id: asked.id, written: commit(unpackedGroup(asked)) } satisfies WriteReply);
  else if (asked.type === 'limit') db.exec(`PRAGMA max_page_count = ${asked.pages}`);
  else {
    watermark?.close();
    db.close();
    port.close();
  }
});
