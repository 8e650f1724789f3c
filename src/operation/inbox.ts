/** What needs a person now, from the views of all accounts and from this server's own state. */
import { viewAt, viewsUnder } from '../derived/view-rows.ts';
import type { Views } from '../derived/views.ts';
import { type Calendar, type Instant, instantText, type Month } from '../domain/calendar.ts';
import { type CloseAt, closeMoment } from '../domain/close-moment.ts';
import { deadLetterSums } from '../projections/dead-letters.ts';
import { closingRows, sumsRows } from '../projections/operation.ts';
import { overview } from '../projections/overview.ts';
import { type RefusedGroup, refused } from '../projections/refused.ts';
import { NO_STANDING, type StandingSums, standingSums } from '../projections/standing.ts';
import type { WaitingCloses } from './waiting-closes.ts';

/** A server's own state, and that of its files. */
export interface ServerWatched {
  /** How far the views are behind, in seconds. */
  lag(): number;
  /** When months close by themselves; null: by hand. */
  readonly closeAt: CloseAt | null;
  /** Real instants in milliseconds; null: never. */
  lastCheckpoint(): number | null;
  lastBackup(): number | null;
  /** Whether this ledger is one file that `suanpan backup` copies. */
  readonly isBackedUpHere: boolean;
}

export interface InboxOf {
  readonly views: Views;
  readonly calendar: Calendar;
  /** Of the ledger's clock, and of the real one. */
  readonly now: Instant;
  readonly realNow: number;
  readonly closes: Pick<WaitingCloses, 'counts'>;
  readonly quarantined: number;
  readonly watched: ServerWatched;
}

/** Accounts whose next close is a month that is over. */
export interface MonthToClose {
  readonly month: Month;
  readonly accounts: number;
  /** When it closes by itself; null: by hand. */
  readonly closesAt: string | null;
  /** Whether it should be closed by now. */
  readonly isDue: boolean;
}

export interface Inbox {
  /** Whether nothing needs anybody. */
  readonly isClear: boolean;
  readonly month: Month;
  readonly months: readonly MonthToClose[];
  /** Accounts whose close was refused or failed, by code. */
  readonly waiting: readonly { readonly code: string; readonly accounts: number }[];
  readonly accounts: Pick<StandingSums, 'needing' | 'inArrears' | 'suspended' | 'freezesFailed'>;
  readonly deadLetters: number;
  readonly refused: {
    readonly since: string;
    readonly reports: number;
    readonly groups: readonly RefusedGroup[];
    readonly others: number;
  };
  readonly quarantined: number;
  readonly lag: { readonly seconds: number; readonly isLate: boolean };
  readonly checkpoint: { readonly signedAt: string | null; readonly isOld: boolean };
  /** Null where this ledger is not backed up by `suanpan backup`. */
  readonly backup: { readonly madeAt: string | null; readonly isOld: boolean } | null;
}

/** Older refusals are in the log, and need no operator any more. */
const REFUSED_DAYS = 7;
/** Groups of refused usage that are answered. */
const REFUSED_GROUPS_MAX = 100;
const LATE_SECONDS = 5;
const DAY_MS = 86_400_000;
/** Each month's close signs a checkpoint: an older one means that none was signed. */
const CHECKPOINT_OLD_DAYS = 32;
const BACKUP_OLD_DAYS = 7;
const CLOSING = 'closing/';
const MONTHS_MAX = 1_000;
const PRICE_NOT_AGREED = 'price_not_agreed';

/** What needs a person, from views that are caught up. Reads some rows, however many accounts there are. */
export const inboxOf = (of: InboxOf): Inbox => {
  const { views, watched, quarantined, calendar, now } = of;
  const month = calendar.monthOf(now);
  const months = monthsToClose(of, month);
  const { needing, inArrears, suspended, freezesFailed } = viewAt(views, standingSums, 'sums') ?? NO_STANDING;
  const found = {
    month,
    months,
    waiting: waitingOf(of),
    accounts: { needing, inArrears, suspended, freezesFailed },
    deadLetters: viewAt(views, deadLetterSums, 'sums')?.letters ?? 0,
    refused: refusedLately(of),
    quarantined,
    lag: { seconds: watched.lag(), isLate: watched.lag() > LATE_SECONDS },
    checkpoint: checkpointOf(of),
    backup: backupOf(of),
  };
  const isClear =
    !months.some(({ isDue }) => isDue) &&
    [needing, found.deadLetters, found.refused.reports, quarantined].every((count) => count === 0) &&
    ![found.lag.isLate, found.checkpoint.isOld, found.backup?.isOld].includes(true);
  return { isClear, ...found };
};

const monthsToClose = (
  { views, calendar, now, watched: { closeAt } }: InboxOf,
  current: Month,
): MonthToClose[] =>
  viewsUnder(views, closingRows, CLOSING, null, MONTHS_MAX).flatMap(({ key, value: { accounts } }) => {
    const month = key.slice(CLOSING.length);
    if (accounts === 0 || month >= current) return [];
    const closesAt = closeAt && closeMoment(calendar, month, closeAt);
    return [
      {
        ...{ month, accounts, closesAt: closesAt === null ? null : instantText(closesAt) },
        isDue: closesAt === null || closesAt <= now,
      },
    ];
  });

const waitingOf = ({ views, closes }: InboxOf): Inbox['waiting'] => {
  // Derived from an event, so that it is known after a restart and at every server.
  const unpriced = viewAt(views, sumsRows, 'sums')?.blocked ?? 0;
  return [...new Map([...closes.counts(), [PRICE_NOT_AGREED, unpriced] as const])]
    .map(([code, accounts]) => ({ code, accounts }))
    .filter(({ accounts }) => accounts > 0)
    .sort((a, b) => (a.code < b.code ? -1 : 1));
};

const refusedLately = ({ views, calendar, now }: InboxOf): Inbox['refused'] => {
  const days = Array.from({ length: REFUSED_DAYS }, (_, i) =>
    calendar.dayOf(calendar.daysAfter(now, i + 1 - REFUSED_DAYS)),
  );
  const groups = new Map<string, RefusedGroup>();
  let [reports, others] = [0, 0];
  for (const day of days) {
    const of = viewAt(views, refused, day);
    if (!of) continue;
    reports += of.reports;
    others += of.others;
    for (const group of of.groups) {
      const name = JSON.stringify([group.code, group.source, group.key]);
      groups.set(name, { ...group, reports: group.reports + (groups.get(name)?.reports ?? 0) });
    }
  }
  const most = [...groups.values()].sort((a, b) => b.reports - a.reports || (a.last.at < b.last.at ? 1 : -1));
  const shown = most.slice(0, REFUSED_GROUPS_MAX);
  const rest = most.slice(REFUSED_GROUPS_MAX).reduce((sum, group) => sum + group.reports, 0);
  return { since: days[0] ?? '', reports, groups: shown, others: others + rest };
};

const checkpointOf = ({ views, realNow, watched }: InboxOf): Inbox['checkpoint'] => {
  const signedAt = watched.lastCheckpoint();
  // A ledger without a bill has nothing to prove yet.
  const isNeeded = (viewAt(views, overview, 'all')?.bills ?? 0) > 0;
  return {
    signedAt: textOf(signedAt),
    isOld: isNeeded && isOlder(signedAt, realNow, CHECKPOINT_OLD_DAYS),
  };
};

const backupOf = ({ views, realNow, watched }: InboxOf): Inbox['backup'] => {
  if (!watched.isBackedUpHere) return null;
  const madeAt = watched.lastBackup();
  const isNeeded = (viewAt(views, overview, 'all')?.accounts ?? 0) > 0;
  return { madeAt: textOf(madeAt), isOld: isNeeded && isOlder(madeAt, realNow, BACKUP_OLD_DAYS) };
};

const isOlder = (at: number | null, now: number, days: number): boolean =>
  at === null || now - at > days * DAY_MS;

const textOf = (at: number | null): string | null => (at === null ? null : instantText(at));
