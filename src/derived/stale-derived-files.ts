/**
 * Detects derived files that know of events an embedded ledger does not have. After a crash that reveals a lost end;
 * for a replaced ledger it means that they must be rebuilt.
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
  /** The position up to which it was derived, for messages. */
  readonly reached: string;
}

/** The log of checkpoints, from which the tree is built. */
const LOG = 'checkpoints';

/** Derived files at a path that do not match the ledger. Unreadable ones are ignored. */
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
