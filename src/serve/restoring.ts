/**
 * A server whose engine was restored from a backup while it ran: everything it holds is stale.
 * It accepts nothing meanwhile, closes everything, drops derived data, reopens, and continues by itself.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Parts } from './compose-server.ts';

export interface Restoring {
  /** What the server stands on now. While `why` says something it may be closed. */
  parts(): Parts;
  /** Why nothing is taken now; null: everything is. */
  why(): string | null;
  /** Why the server should get no requests, though it takes commands: its views are still being rebuilt. */
  notReady(): string | null;
  /** Calls back each time before what was opened is closed. */
  onBegun(listener: () => void): void;
  /** Ends: nothing is reopened any more, and what is open is closed. */
  close(): Promise<void>;
}

const AGAIN_MS = 500;
const LONGEST_MS = 5_000;

/** Watches what is open, and reopens it with `reopen` after each restore, retrying until that succeeds. */
export const restoringFrom = (first: Parts, reopen: () => Promise<Parts>, log: Logger): Restoring => {
  let parts = first;
  let isOpen = true;
  let why: string | null = null;
  let isBehind = false;
  let work: Promise<void> = Promise.resolve();
  let closing: Promise<void> | null = null;
  const listeners: (() => void)[] = [];

  const opened = async (): Promise<Parts | null> => {
    for (let wait = AGAIN_MS; isOpen; wait = Math.min(wait * 2, LONGEST_MS)) {
      try {
        return await reopen();
      } catch (error) {
        // Restored once more, or not there yet: an engine that is being restored may be away, or empty, for a while.
        log.error({ err: error }, 'the restored ledger could not be opened yet');
        await pause(wait);
      }
    }
    return null;
  };

  const goOn = async (): Promise<void> => {
    for (const listener of listeners) listener();
    await parts
      .close()
      .catch((error) => log.warn({ err: error }, 'what was open could not be closed cleanly'));
    const next = await opened();
    if (!next) return;
    parts = next;
    isBehind = true;
    why = null;
    watch(next);
    next.begin();
    next.ledger.viewsCaughtUp().then(
      () => {
        if (parts === next) isBehind = false;
      },
      () => undefined,
    );
    log.info('all derived data was dropped and is being rebuilt; commands are accepted again');
  };

  const watch = (watched: Parts): void =>
    watched.ledger.onRestored(({ message }) => {
      if (!isOpen || why !== null || parts !== watched) return;
      why = message;
      log.error(`${message}; all derived data is dropped and rebuilt`);
      work = goOn();
    });
  watch(first);

  const close = async (): Promise<void> => {
    isOpen = false;
    await work;
    // Where it was closed and could not be opened again, nothing is left to close.
    if (why === null) await parts.close();
  };

  return {
    parts: () => parts,
    why: () => why,
    notReady: () => why ?? (isBehind ? 'the engine was restored: views are being rebuilt' : null),
    onBegun: (listener) => void listeners.push(listener),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};
