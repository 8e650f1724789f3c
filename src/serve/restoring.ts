/**
 * Handles an engine that is restored from a backup while the server runs: all of its state is stale. The server refuses
 * requests meanwhile, closes everything, drops derived data, reopens, and continues automatically.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Parts } from './compose-server.ts';

export interface Restoring {
  /** The current parts of the server. While `why` is not null they may be closed. */
  parts(): Parts;
  /** Why requests are refused now; null if they are not. */
  why(): string | null;
  /** Why the server is not ready although it accepts commands: its views are being rebuilt. */
  notReady(): string | null;
  /** Calls back before the parts are closed, each time. */
  onBegun(listener: () => void): void;
  /** Stops watching, and closes what is open. */
  close(): Promise<void>;
}

const AGAIN_MS = 500;
const LONGEST_MS = 5_000;

/** Watches the open parts, and reopens them with `reopen` after each restore, retrying until that succeeds. */
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
        // An engine that is being restored may be unavailable or empty for a while, or be restored once more.
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
    // If reopening failed after the close, there is nothing to close.
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
