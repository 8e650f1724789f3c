/**
 * Detects a restored engine. One that is restored from a backup loses the end of its log and may continue with another
 * history; everything decided, indexed or cached before is then stale. A backup is a prefix of the log, so while the
 * last event known in this thread is at its position, everything before it is too. That event is looked up on every new
 * connection, before any other call.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { hexOf } from '../../integrity/seal-events.ts';
import type { Anchor } from '../anchor.ts';
import { comparePositions, LedgerRestored } from '../event-store.ts';

/** An event that is known to have existed. */
export type Known = Omit<Anchor, 'place'>;

export interface Continuity {
  /** Records an event of the ledger that the engine has. */
  seen(event: Known): void;
  /** From now on another engine may answer: no calls before `assured`. */
  doubt(): void;
  /** Incremented with every doubt. */
  doubts(): number;
  /** Resolves when continuity is confirmed. Rejects with LedgerRestored, or with the error of `find`. */
  assured(): Promise<void>;
  /** The last known event; null before any. */
  anchor(): Known | null;
  /** Calls back once when the engine is found restored; at once if that is already known. */
  onRestored(listener: (why: LedgerRestored) => void): void;
}

/** A missing event is looked up once more after this time, since an engine that has just started may be incomplete. */
const AGAIN_MS = 250;

/**
 * Continuity from an event on (null: nothing is known yet). `find` returns the event at that revision of its stream,
 * undefined if there is none.
 */
export const openContinuity = (
  first: Known | null,
  find: (known: Known) => Promise<Known | undefined>,
): Continuity => {
  let anchor = first;
  let doubted = first === null ? 0 : 1;
  let assuredOf = 0;
  let looking: Promise<void> | null = null;
  let restored: LedgerRestored | null = null;
  const listeners: ((why: LedgerRestored) => void)[] = [];

  const isThere = async (): Promise<boolean> => {
    const known = anchor;
    if (known === null) return true;
    const found = await find(known);
    return found?.position === known.position && hexOf(found.hash) === hexOf(known.hash);
  };

  const settle = async (): Promise<void> => {
    while (assuredOf < doubted) {
      const upTo = doubted;
      if (!(await isThere())) {
        await pause(AGAIN_MS);
        if (!(await isThere())) throw giveUp();
      }
      assuredOf = upTo;
    }
  };

  const giveUp = (): LedgerRestored => {
    const { stream, revision } = anchor ?? { stream: 'the ledger', revision: 0 };
    restored ??= new LedgerRestored(
      `the engine was restored to an earlier state: event ${revision} of ${stream} is not there any more`,
    );
    for (const listener of listeners.splice(0)) listener(restored);
    return restored;
  };

  const assured = async (): Promise<void> => {
    if (restored) throw restored;
    if (assuredOf === doubted) return;
    looking ??= settle().finally(() => {
      looking = null;
    });
    await looking;
  };

  return {
    seen: ({ stream, revision, position, hash }) => {
      if (comparePositions(position, anchor?.position ?? null) > 0)
        anchor = { stream, revision, position, hash };
    },
    doubt: () => {
      doubted += 1;
    },
    doubts: () => doubted,
    assured,
    anchor: () => anchor,
    onRestored: (listener) => {
      if (restored) listener(restored);
      else listeners.push(listener);
    },
  };
};
