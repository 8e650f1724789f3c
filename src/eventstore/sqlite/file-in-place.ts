/**
 * Whether an open ledger's file is still the one at its path. A system keeps writing to a file that was moved or deleted,
 * and nobody finds it there after the process ends: such a commit must not be acknowledged.
 */
import { statSync } from 'node:fs';

/** Throws if the file that was at the path is not there any more. */
export type InPlace = () => void;

/** Remembers the file at a path; nothing is checked where none is (a ledger in memory, or not created yet). */
export const openInPlace = (path: string): InPlace => inPlace(path, fileAt(path));

/** The numbers by which a system knows a file; null: there is none. */
export interface FileNumbers {
  readonly dev: bigint;
  readonly ino: bigint;
}

/** The numbers of the file at a path, behind a link. */
export const fileAt = (path: string): FileNumbers | null => {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found ? { dev: found.dev, ino: found.ino } : null;
};

/** As `openInPlace`, for a file that was opened elsewhere. */
export const inPlace =
  (path: string, opened: FileNumbers | null): InPlace =>
  () => {
    if (opened === null) return;
    const found = fileAt(path);
    if (found?.ino === opened.ino && found.dev === opened.dev) return;
    throw new Error(
      `${path} was ${found ? 'replaced' : 'moved or deleted'} while it is open: put it back, or stop this process before another takes its place`,
    );
  };
