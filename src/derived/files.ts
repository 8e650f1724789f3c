/**
 * The list of all files derived from a ledger, which are beside it (or, for a ledger on an engine, in a server's own
 * folder). Everything that deletes, checks and tests derived files uses it. Each file has the position up to which it
 * was derived, and the hash there; one that does not match the ledger is rebuilt.
 */
import { rmSync } from 'node:fs';
import { watermarkPath } from '../eventstore/sqlite/watermark.ts';
import { removeDatabase } from '../files/sqlite-file.ts';

export const DERIVED = {
  /** Views: read models projected from the events; validated as a whole (`bound-views.ts`). */
  views: 'sqlite',
  /** Identity index; validated per stream (`ledger/account/index-validity.ts`). */
  index: 'folder',
  /** Accounts as they were at an event; bound one by one (`ledger/account/loaded-account.ts`). */
  snapshots: 'sqlite',
  /** Outbox; validated as a whole (`delivery/feed.ts`). */
  outbox: 'sqlite',
  /** The tree over the log of checkpoints; bound to the log's own stream (`checkpoint/log-tree.ts`). */
  tree: 'sqlite',
  /** Names and heads of an engine's streams; validated as a whole, together with the folder (`ledger/open.ts`). */
  heads: 'sqlite',
} as const;
export type DerivedKind = keyof typeof DERIVED;
export const DERIVED_KINDS = Object.keys(DERIVED) as readonly DerivedKind[];

/** The path of a derived file; `base` is the ledger's file, or the prefix of an engine's derived files. */
export const derivedPath = (base: string, kind: DerivedKind): string => `${base}.${kind}`;

/** Deletes all derived files, and the watermark; none of them may be open. */
export const removeDerived = (base: string): void => {
  for (const kind of DERIVED_KINDS) removeDatabase(derivedPath(base, kind));
  rmSync(watermarkPath(base), { force: true });
};
