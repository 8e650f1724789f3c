/**
 * When an embedded ledger was last backed up: the file `ledger.db.backed-up` beside it has the instant. A backup is
 * made by another process than the server, and a scrape must be cheap: it reads a few bytes.
 */
import { readFileSync } from 'node:fs';
import { type Instant, instantOf, instantText } from '../domain/calendar.ts';
import { writeSmallFile } from '../files/small-file.ts';
import { backedUpPath } from '../ledger/own-files.ts';

/** Records that a verified backup of a ledger was made at a real instant. Throws FileUnwritable. */
export const noteBackup = (ledger: string, at: Instant): void =>
  writeSmallFile(backedUpPath(ledger), `${instantText(at)}\n`, { overwrite: true });

/** When a ledger was last backed up; null if never or unknown. */
export const lastBackup = (ledger: string): Instant | null => {
  try {
    const at = instantOf(readFileSync(backedUpPath(ledger), 'utf8').trim());
    return Number.isNaN(at) ? null : at;
  } catch {
    return null;
  }
};
