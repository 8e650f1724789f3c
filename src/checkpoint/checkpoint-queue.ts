/** Signs a running ledger's checkpoints in sequence, after closes and on demand, and copies them to an external file. */

import type { Buffer } from 'node:buffer';
import { openSerialQueue } from '../async/serial-queue.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import { appendDurably } from '../files/append.ts';
import type { RequestMark } from '../ledger/system/request-mark.ts';
import type { Signed } from './log-tables.ts';
import { type LogTree, openLogTree } from './log-tree.ts';
import { signCheckpoint } from './sign-checkpoint.ts';

export interface CheckpointSignerOf {
  readonly store: EventStore;
  /** Path of the log's tree; `:memory:` for none. */
  readonly path: string;
  readonly serverKey: Buffer;
  /** The real instant, in milliseconds. */
  readonly now: () => number;
  /** A file outside the ledger that every new checkpoint is appended to; null: none. */
  readonly file: string | null;
  readonly log?: (error: unknown) => void;
  /** Called after each signed checkpoint. */
  readonly signed?: () => void;
}

export interface CheckpointSigner {
  readonly tree: LogTree;
  /** Signs the current heads of all streams. */
  sign(mark?: RequestMark | null): Promise<Signed>;
  /** Signs after a short pause, so that several closes share a checkpoint. */
  soon(): void;
  /** Signs if a checkpoint is scheduled, and closes. */
  close(): Promise<void>;
}

/** Closes within this time share a checkpoint; if signing is slow, within ten times its duration. */
const PAUSE_MS = 2_000;
const SHARE = 10;
/** Pause before signing is retried after a failure (such as a full disk). */
const AGAIN_MS = 10_000;

export const openCheckpointSigner = (of: CheckpointSignerOf): CheckpointSigner => {
  const tree = openLogTree(of.store, of.path);
  const queue = openSerialQueue();
  let timer: NodeJS.Timeout | null = null;
  let took = 0;
  let isOpen = true;

  const sign = (mark: RequestMark | null = null): Promise<Signed> =>
    queue.run(async () => {
      const started = performance.now();
      await tree.bringUp();
      const before = tree.last()?.note;
      const signed = await signCheckpoint({ ...of, tree, mark });
      took = performance.now() - started;
      of.signed?.();
      // The checkpoint is already recorded: a failure to write the file is reported, but loses nothing.
      if (of.file !== null && signed.note !== before) appendDurably(of.file, `${signed.note}\n`);
      return signed;
    });
  const signNow = (): void => {
    timer = null;
    sign().catch((error) => {
      of.log?.(error);
      if (isOpen) timer ??= setTimeout(signNow, AGAIN_MS);
    });
  };

  return {
    tree,
    sign,
    soon: () => {
      timer ??= setTimeout(signNow, Math.max(PAUSE_MS, SHARE * took));
    },
    close: async () => {
      isOpen = false;
      if (timer) {
        clearTimeout(timer);
        signNow();
      }
      await queue.settled();
      tree.close();
    },
  };
};
