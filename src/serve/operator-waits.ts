/** Decisions left to an operator: accounts with too much to catch up, and events ahead of the server's clock. */
import type { Calendar, Instant } from '../domain/calendar.ts';
import { CLOCK_BEHIND_MAX_MS, type ServerTiming, type Waiting } from '../ledger/account/command-instant.ts';
import type { Settings } from './settings.ts';

const DAY_MS = 86_400_000;

export interface CatchUp {
  readonly timing: ServerTiming;
  /** Notes the latest event of an account. */
  seen(account: string, last: Instant, now: Instant): void;
  /** Why the server is not ready; null if it is. */
  notReady(now: Instant, calendar: Calendar): string | null;
  /** How many accounts wait to be caught up. */
  lagging(): number;
  /** Allows catching up everything that is due from now on. */
  allow(): void;
}

/** Catching up by a server's settings. On a test clock nothing waits: it is set on purpose. */
export const catchUpOf = (settings: Settings): CatchUp => {
  const waiting: Waiting = { lagging: new Map(), ahead: null };
  let isAllowed = settings.catchUp || settings.clock !== null;
  const limit = {
    closeAt: settings.closeAt,
    closes: settings.catchUpMonths,
    span: settings.catchUpDays * DAY_MS,
  };
  const isAhead = (last: Instant, now: Instant) => last - now > CLOCK_BEHIND_MAX_MS;
  return {
    timing: { limit: () => (isAllowed ? null : limit), waiting },
    seen: (account, last, now) => {
      if (isAhead(last, now) && last > (waiting.ahead?.last ?? 0)) waiting.ahead = { account, last };
    },
    lagging: () => waiting.lagging.size,
    allow: () => {
      isAllowed = true;
      waiting.lagging.clear();
    },
    notReady: (now, calendar) => {
      const { ahead, lagging } = waiting;
      if (ahead && isAhead(ahead.last, now))
        return `the clock is at ${calendar.textOf(now)}, and an event of ${ahead.account} happened at ${calendar.textOf(ahead.last)}: correct the clock`;
      return lagging.size === 0 ? null : catchUpText(waiting, calendar);
    },
  };
};

/** Describes what would be caught up. */
const catchUpText = ({ lagging }: Waiting, calendar: Calendar): string => {
  const since = Math.min(...[...lagging.values()].map((lag) => lag.since));
  const closes = [...lagging.values()].reduce((sum, lag) => sum + lag.closes, 0);
  return `${lagging.size} accounts have not lived on since ${calendar.textOf(since)}; ${closes} months would be closed at once. If the clock is right, start with --catch-up`;
};
