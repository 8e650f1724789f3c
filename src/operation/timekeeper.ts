/**
 * The scheduler (rules.md, section 7): packs expire, notices fall due, arrears suspend, months close. One function
 * catches an account up to an instant; a server calls it every minute, a test clock when it is set. It is idempotent,
 * also for two servers at once.
 */

import { type Row, viewAt, viewsUnder } from '../derived/view-rows.ts';
import { type Instant, instantOf, nextMonth } from '../domain/calendar.ts';
import { type CloseAt, closeMoment } from '../domain/close-moment.ts';
import { nextToClose } from '../domain/next-close.ts';
import type { ClockKind } from '../ledger/account/decider.ts';
import { stoppedOrThrow } from '../ledger/account/single-account-failure.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { accountPages } from '../ledger/queries/accounts.ts';
import { type DueView, due as dueRows } from '../projections/due.ts';
import type { WaitingCloses } from './waiting-closes.ts';

const DAY = 86_400_000;
const TOGETHER = 64;

/** How accounts are caught up: when months close, on which clock, and what is notified of a waiting close. */
export interface Living {
  readonly closeAt: CloseAt | null;
  readonly clock: ClockKind;
  readonly closes?: WaitingCloses;
}

/**
 * Catches an account up to an instant: everything due, in order. On a driven clock each close happens at its moment; on
 * a real one at the instant at which it is recorded.
 */
export const liveUntil = async (
  ledger: Ledger,
  account: string,
  until: Instant,
  { closeAt, clock, closes }: Living,
): Promise<void> => {
  for (;;) {
    const { account: held } = await ledger.entry(account);
    if (!held || !closeAt) break;
    const month = nextToClose(held, ledger.calendar);
    const moment = closeMoment(ledger.calendar, month, closeAt);
    if (moment > until) break;
    const at = clock === 'driven' ? Math.max(moment, held.clock) : until;
    const answer = await ledger.execute(account, { name: 'close-month', body: { month } }, at, null);
    // A month without a price waits until it is agreed; everything else that is due proceeds.
    if (answer.outcome === 'refused') {
      closes?.refused(account, month, answer.refusal);
      break;
    }
  }
  await ledger.passTime(account, until);
};

/** Catches every account up to an instant, on a test clock. */
export const everyoneLivesUntil = async (
  ledger: Ledger,
  until: Instant,
  closeAt: CloseAt | null,
  closes?: WaitingCloses,
): Promise<void> => {
  const living: Living = { closeAt, clock: 'driven', ...(closes ? { closes } : {}) };
  for await (const accounts of accountPages(ledger.store)) {
    for (let i = 0; i < accounts.length; i += TOGETHER)
      await Promise.all(
        accounts.slice(i, i + TOGETHER).map((account) =>
          liveUntil(ledger, account, until, living).catch((error) => {
            // It is quarantined; all others go on.
            stoppedOrThrow(error);
            closes?.failed(account, error);
          }),
        ),
      );
  }
};

/** Number of accounts visited concurrently, in the view's order. */
const PAGE = 500;

export interface Timekeeper {
  /** One round: every account that has something due. */
  round(now: Instant): Promise<void>;
  /** Forces all accounts to be visited in the next round, however recently they were visited. */
  startOver(): void;
}

const EXPIRY_NOTICES = [30 * DAY, 7 * DAY, 0];

/** The scheduler on the system's clock: finds in the views the accounts with something due since the last round. */
export const openTimekeeper = (
  ledger: Ledger,
  closeAt: CloseAt | null,
  log: (error: unknown, account: string) => void,
  /** Called with the latest event of each account, as the views have it. */
  onSeen: (account: string, last: Instant) => void = () => undefined,
  closes?: WaitingCloses,
): Timekeeper => {
  const living: Living = { closeAt, clock: 'real', ...(closes ? { closes } : {}) };
  /** When each account with something due was last visited. */
  const seen = new Map<string, Instant>();
  const isDue = (account: string, view: DueView, now: Instant): boolean => {
    const since = seen.get(account) ?? 0;
    const month = view.lastClosed
      ? nextMonth(view.lastClosed)
      : ledger.calendar.monthOf(instantOf(view.openedAt));
    if (closeAt && closeMoment(ledger.calendar, month, closeAt) <= now && now - since > DAY / 24) return true;
    const instants = [
      ...view.expiries.flatMap(({ at }) => EXPIRY_NOTICES.map((before) => instantOf(at) - before)),
      ...view.scheduled.map(instantOf),
      ...(view.arrearsSuspendAt ? [instantOf(view.arrearsSuspendAt)] : []),
    ];
    return instants.some((at) => at <= now && at > Math.max(since, instantOf(view.seenAt)));
  };
  return {
    startOver: () => seen.clear(),
    round: async (now) => {
      const { views } = ledger;
      if (!views) return;
      for (let after: string | null = null; ; ) {
        const page: readonly Row<DueView>[] = viewsUnder(views, dueRows, '', after, PAGE);
        for (const { key, value } of page) onSeen(key, instantOf(value.seenAt));
        const due = page.filter(({ key, value }) => isDue(key, value, now)).map(({ key }) => key);
        const isStillDue = (key: string): boolean => {
          const view = viewAt(views, dueRows, key);
          return view !== undefined && isDue(key, view, now);
        };
        // Randomized order, so that the effects of other servers on the same ledger are seen in the views first.
        const order = ledger.isShared ? shuffled(due) : due;
        for (let i = 0; i < order.length; i += TOGETHER)
          await Promise.all(
            order
              .slice(i, i + TOGETHER)
              .filter((key) => !ledger.isShared || isStillDue(key))
              .map((key) =>
                liveUntil(ledger, key, now, living).then(
                  () => void seen.set(key, now),
                  (error) => {
                    closes?.failed(key, error);
                    log(error, key);
                  },
                ),
              ),
          );
        after = page.at(-1)?.key ?? null;
        if (page.length < PAGE) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
};

const shuffled = <Item>(items: readonly Item[]): Item[] =>
  items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
