/**
 * Compares the views beside a ledger with freshly projected ones, row by row, in constant memory, even while a server
 * writes both.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openViews } from '../../derived/views.ts';
import { openViewsSnapshot, type ViewRow, type ViewsSnapshot } from '../../derived/views-snapshot.ts';
import { anchorHolds } from '../../eventstore/anchor.ts';
import type { EventStore, Position } from '../../eventstore/event-store.ts';
import { PROJECTIONS } from '../../projections/all.ts';
import { catchUp } from './follow.ts';

export interface ViewFinding {
  readonly projection: string;
  readonly key: string;
  readonly expected: string;
  readonly found: string;
}

export interface ViewsCompared {
  /** Number of compared rows; 0 without views. */
  readonly rows: number;
  readonly findings: readonly ViewFinding[];
}

const FINDINGS_MOST = 20;
const SHOWN = 200;

/** Compares the views at a path with the ledger. Unreadable rows are findings. */
export const compareViews = async (
  store: EventStore,
  path: string,
  onProgress: (events: number) => void,
): Promise<ViewsCompared> => {
  if (!existsSync(path)) return { rows: 0, findings: [] };
  let views: ViewsSnapshot;
  try {
    views = openViewsSnapshot(path);
  } catch (error) {
    return { rows: 0, findings: [wholeFinding('a database of views', messageOf(error))] };
  }
  try {
    return await compared(store, views, onProgress);
  } finally {
    views.close();
  }
};

const compared = async (
  store: EventStore,
  views: ViewsSnapshot,
  onProgress: (events: number) => void,
): Promise<ViewsCompared> => {
  if (views.followed.length === 0) return { rows: 0, findings: [] };
  if (!views.anchor || !(await anchorHolds(store, views.anchor))) {
    const found = views.anchor
      ? `event ${views.anchor.position} of another history`
      : 'views that do not say';
    return { rows: 0, findings: [wholeFinding('views of this ledger', found)] };
  }
  const limits = new Map<string, Position>();
  for (const { projection, version, position } of views.followed)
    if (PROJECTIONS.some((one) => one.name === projection && one.version === version))
      limits.set(projection, position);
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-views-'));
  try {
    const path = join(folder, 'views');
    const fresh = openViews(path);
    try {
      await catchUp(store, fresh, { limits, onProgress });
    } finally {
      fresh.close();
    }
    const expected = openViewsSnapshot(path);
    try {
      return differences(expected.rows(), views.rows(), limits);
    } finally {
      expected.close();
    }
  } catch (error) {
    return { rows: 0, findings: [wholeFinding('events that can be projected', messageOf(error))] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Two lists in one order walked side by side. Rows of projections that this release does not have are passed over. */
const differences = (
  expected: Iterable<ViewRow>,
  found: Iterable<ViewRow>,
  limits: ReadonlyMap<string, Position>,
): ViewsCompared => {
  const findings: ViewFinding[] = [];
  const add = ({ projection, key }: ViewRow, there: ViewRow | null, here: ViewRow | null): void => {
    if (findings.length === FINDINGS_MOST) return;
    findings.push({ projection, key, expected: shown(there), found: shown(here) });
  };
  const [left, right] = [known(expected, limits), known(found, limits)];
  let [a, b] = [left.next(), right.next()];
  let rows = 0;
  while (!a.done || !b.done) {
    const order = a.done ? 1 : b.done ? -1 : compareRows(a.value, b.value);
    if (order === 0 && !a.done && !b.done) {
      rows += 1;
      if (a.value.value !== b.value.value) add(a.value, a.value, b.value);
      [a, b] = [left.next(), right.next()];
    } else if (order < 0 && !a.done) {
      add(a.value, a.value, null);
      a = left.next();
    } else if (!b.done) {
      add(b.value, null, b.value);
      b = right.next();
    }
  }
  return { rows, findings };
};

function* known(
  rows: Iterable<ViewRow>,
  limits: ReadonlyMap<string, Position>,
): Generator<ViewRow, undefined> {
  for (const row of rows) if (limits.has(row.projection)) yield row;
}

/** SQLite's order of texts: by bytes. */
const compareRows = (a: ViewRow, b: ViewRow): number =>
  Buffer.compare(Buffer.from(a.projection), Buffer.from(b.projection)) ||
  Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));

const shown = (row: ViewRow | null): string => row?.value.slice(0, SHOWN) ?? 'nothing';
const wholeFinding = (expected: string, found: string): ViewFinding => ({
  ...{ projection: 'all', key: '', expected, found },
});
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
