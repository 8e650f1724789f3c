/**
 * Everything that is derived from a ledger and lies beside it (or, of a ledger on an engine, in a server's own folder).
 * This is the one list: what deletes, checks and tests derived files goes through it. Each of them knows the position
 * in the ledger that it was derived up to, and the hash there; what does not hold of the ledger is derived again.
 */
import { rmSync } from 'node:fs';
import { markPath } from '../eventstore/sqlite/watermark.ts';
import { removeDatabase } from '../files/sqlite-file.ts';

export const DERIVED = {
  /** Answers to reads, projected from the events; bound as a whole (`bound-views.ts`). */
  views: 'sqlite',
  /** Where identities are in their streams; bound stream by stream (`ledger/account/index-validity.ts`). */
  index: 'folder',
  /** Accounts as they were at an event; bound one by one (`ledger/account/loaded-account.ts`). */
  snapshots: 'sqlite',
  /** What is still to be delivered; bound as a whole (`delivery/feed.ts`). */
  outbox: 'sqlite',
  /** The tree over the log of checkpoints; bound to the log's own stream (`checkpoint/log-tree.ts`). */
  tree: 'sqlite',
  /** Names and heads of an engine's streams; bound as a whole, and with it the folder (`ledger/open.ts`). */
  heads: 'sqlite',
} as const;
export type DerivedKind = keyof typeof DERIVED;
export const DERIVED_KINDS = Object.keys(DERIVED) as readonly DerivedKind[];

/** Where a derived file lies: `base` is the ledger's file, or the name that an engine's derived files begin with. */
export const derivedPath = (base: string, kind: DerivedKind): string => `${base}.${kind}`;

/** Deletes everything that is derived, and the mark of how far the ledger had come; none of it may be open. */
export const removeDerived = (base: string): void => {
  for (const kind of DERIVED_KINDS) removeDatabase(derivedPath(base, kind));
  rmSync(markPath(base), { force: true });
};
