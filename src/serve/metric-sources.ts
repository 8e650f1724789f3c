/** Sources of a server's business metrics: views, waiting closes, the last checkpoint, the last backup. */
import { lastSignedAt } from '../checkpoint/last-signed.ts';
import { LOG } from '../checkpoint/leaf.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Where } from '../ledger/location.ts';
import type { BusinessWatched } from '../operation/business-metrics.ts';
import type { Clock } from '../operation/clock.ts';
import { lastBackup } from '../operation/last-backup.ts';
import type { WaitingCloses } from '../operation/waiting-closes.ts';

export interface Watching {
  readonly watched: BusinessWatched;
  /** A checkpoint was signed just now. */
  readonly signed: () => void;
}

/** Reads once when a checkpoint was last signed, and learns of those that this server or another one signs. */
export const watching = async (
  ledger: Ledger,
  where: Where,
  clock: Clock,
  closes: WaitingCloses,
): Promise<Watching> => {
  const read = (): Promise<number | null> => lastSignedAt(ledger.store);
  let signedAt = await read();
  ledger.onFollowed(LOG, async () => {
    signedAt = await read();
  });
  const { base, kind } = where;
  return {
    signed: () => {
      signedAt = Date.now();
    },
    watched: {
      views: () => ledger.views,
      month: () => ledger.calendar.monthOf(clock.now()),
      waiting: closes.counts,
      lastCheckpoint: () => signedAt,
      lastBackup: () => (kind === 'file' && base !== null ? lastBackup(base) : null),
    },
  };
};
