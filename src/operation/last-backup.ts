/**
 * When an embedded ledger was last backed up: a file beside it, `ledger.db.backed-up`, that holds the instant. A backup
 * is made by another process than the server, and reading a few bytes is all that a scrape may cost.
 */
import { readFileSync } from 'node:fs';
import { type Instant, instantOf, instantText } from '../domain/calendar.ts';
import { writeSmallFile } from '../files/small-file.ts';
import { backedUpPath } from '../ledger/own-files.ts';

/** Notes that a verified backup of the ledger in a file was made at a real instant. Throws FileUnwritable. */
export const noteBackup = (ledger: string, at: Instant): void =>
  writeSmallFile(backedUpPath(ledger), `${instantText(at)}\n`, { overwrite: true });

/** When the ledger in a file was last backed up; null where it never was, or that is unknown. */
export const lastBackup = (ledger: string): Instant | null => {
  try {
    const at = instantOf(readFileSync(backedUpPath(ledger), 'utf8').trim());
    return Number.isNaN(at) ? null : at;
  } catch {
    return null;
  }
};
