/**
 * What the derived files beside an embedded ledger know of it that it does not hold. After a crash that shows an end that
 * was lost; of a ledger that was put there, or files of another one, that they are to be derived again.
 */
import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { anchorHolds, anchorTable } from '../eventstore/anchor.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import { hashAt } from '../eventstore/hash-at.ts';
import { inDatabase } from '../files/sqlite-file.ts';
import { type DerivedKind, derivedPath } from './files.ts';

export interface Unbound {
  readonly kind: DerivedKind;
  /** What it was derived up to, in words for people. */
  readonly reached: string;
}

/** The log of checkpoints, which the tree is made of. */
const LOG = 'checkpoints';

/** Derived files of the ledger at a path that do not hold of it. What cannot be read says nothing. */
export const unboundFiles = async (path: string, store: EventStore): Promise<Unbound[]> => {
  const found: Unbound[] = [];
  for (const kind of ['views', 'outbox'] as const) {
    const anchor = readIn(derivedPath(path, kind), (db) => anchorTable(db).last());
    if (anchor && !(await anchorHolds(store, anchor)))
      found.push({ kind, reached: `event ${anchor.position} of the ledger` });
  }
  const log = readIn(derivedPath(path, 'tree'), (db) => db.prepare('SELECT length, head FROM reached').get());
  const length = Number(log?.['length'] ?? 0);
  if (length > 0 && (await hashAt(store, LOG, length - 1)) !== log?.['head'])
    found.push({ kind: 'tree', reached: `event ${length - 1} of the log of checkpoints` });
  return found;
};

const readIn = <T>(path: string, read: (db: DatabaseSync) => T): T | null => {
  if (!existsSync(path)) return null;
  try {
    return inDatabase(path, read);
  } catch {
    return null;
  }
};
