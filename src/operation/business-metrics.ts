/** Business metrics beside requests: months, balances, refusals, checkpoints, backups. */
import { Counter, Gauge, type Registry } from 'prom-client';
import { viewAt, viewsUnder } from '../derived/view-rows.ts';
import type { Views } from '../derived/views.ts';
import type { Month } from '../domain/calendar.ts';
import { USAGE_REFUSALS } from '../domain/refusals.ts';
import { closingRows, sumsRows } from '../projections/operation.ts';

export interface BusinessWatched {
  readonly views: () => Views | null;
  /** The billing month of now. */
  readonly month: () => Month;
  /** Closes that wait at this server, by code. */
  readonly waiting: () => ReadonlyMap<string, number>;
  /** Real instants in milliseconds; null: never. */
  readonly lastCheckpoint: () => number | null;
  readonly lastBackup: () => number | null;
}

export interface BusinessMetrics {
  /** Usage records refused, by code. */
  readonly refusedUsage: Counter<'code'>;
  readonly refusedNotKept: Counter;
}

const MONTHS_MAX = 10_000;
const CLOSING = 'closing/';
const PRICE_NOT_AGREED = 'price_not_agreed';

/** Registers the metrics. A scrape visits no accounts, since the views count as events arrive. */
export const openBusinessMetrics = (registry: Registry, watched: BusinessWatched): BusinessMetrics => {
  const registers = [registry];
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  const sums = () => {
    const views = watched.views();
    return views ? viewAt(views, sumsRows, 'sums') : undefined;
  };
  gauge('suanpan_accounts', 'Accounts that were opened', () => sums()?.accounts ?? 0);
  gauge('suanpan_accounts_below_zero', 'Accounts whose balance is below zero', () => sums()?.belowZero ?? 0);
  gauge('suanpan_months_open', 'Months that are over and not closed, of all accounts together', () =>
    monthsOpen(watched),
  );
  new Gauge({
    name: 'suanpan_closes_waiting',
    help: 'Accounts whose close was refused and waits, by the code of the refusal',
    labelNames: ['code'],
    registers,
    collect() {
      this.reset();
      for (const [code, count] of watched.waiting()) this.set({ code }, count);
      // Derived from an event, so that it is known after a restart and at every server.
      this.set({ code: PRICE_NOT_AGREED }, sums()?.blocked ?? 0);
    },
  });
  gauge(
    'suanpan_last_checkpoint_timestamp_seconds',
    'When a checkpoint was last signed; 0 where none was',
    () => (watched.lastCheckpoint() ?? 0) / 1_000,
  );
  gauge(
    'suanpan_last_backup_timestamp_seconds',
    'When this embedded ledger was last backed up; 0 where it never was',
    () => (watched.lastBackup() ?? 0) / 1_000,
  );
  const refusedUsage = new Counter({
    name: 'suanpan_usage_refused_total',
    help: 'Usage records refused, by the code of the refusal',
    labelNames: ['code'],
    registers,
  });
  // A rate needs two samples, so all series exist from the beginning.
  for (const code of USAGE_REFUSALS) refusedUsage.inc({ code }, 0);
  const refusedNotKept = new Counter({
    name: 'suanpan_usage_refused_not_kept_total',
    help: 'Refused usage that was counted only: its key has reported more than is kept of a day',
    registers,
  });
  return { refusedUsage, refusedNotKept };
};

/** Of each month that accounts have to close next, those from it up to the current one, excluded. */
const monthsOpen = ({ views, month }: BusinessWatched): number => {
  const current = numbered(month());
  const following = views();
  const rows = following ? viewsUnder(following, closingRows, CLOSING, null, MONTHS_MAX) : [];
  return rows.reduce((sum, { key, value }) => {
    const behind = current - numbered(key.slice(CLOSING.length));
    return behind > 0 ? sum + behind * value.accounts : sum;
  }, 0);
};

const numbered = (month: Month): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7));
