/** The thread that writes the embedded store's file; processes its messages in order. */
import { parentPort, workerData } from 'node:worker_threads';
import { type FileNumbers, inPlace } from './file-in-place.ts';
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

const { path, marked, file } = workerData as {
  path: string;
  marked: string | null;
  file: FileNumbers | null;
};
const checkPlace = inPlace(path, file);
// Opening what is not there would create it.
checkPlace();
const db = openForCommits(path);
const sql = prepareStatements(db);
const watermark = marked === null ? null : openWatermark(marked);
const commit = openGroupCommit(db, sql, openHeads(sql), watermark, checkPlace);

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
