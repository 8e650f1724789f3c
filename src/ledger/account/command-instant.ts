/**
 * The instant of a command. Commands of a file name their own. On a server it is now, by a clock that may lag slightly
 * behind what another server, or an earlier run, has recorded, or (set wrongly) be far ahead.
 */
import { type Calendar, type Instant, instantText } from '../../domain/calendar.ts';
import { type CatchUpLimit, type Lag, lagBeyond } from '../../domain/catch-up.ts';
import { type Refused, refuse } from '../../domain/decision.ts';
import type { Refusal } from '../../domain/refusals.ts';
import type { LedgerContext } from '../context.ts';
import type { Decider } from './decider.ts';
import type { LoadedAccount } from './loaded-account.ts';

/** How far, in milliseconds, a server's clock may lag behind an account's last event. */
export const CLOCK_BEHIND_MAX_MS = 5 * 60_000;

export type Timed = { readonly outcome: 'at'; readonly at: Instant } | Refused;

/** Thrown if a refusal concerns a whole usage report, which may be retried unchanged. */
export class RefusedForNow extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.detail);
    this.refusal = refusal;
  }
}

export interface Timing {
  /** The instant at which a command requested at an instant takes effect on an account. */
  command(entry: LoadedAccount, asked: Instant): Timed;
  /** Whether usage may be metered at an instant: null, or why not. */
  usage(entry: LoadedAccount, at: Instant): Refusal | null;
}

/** Commands take effect at the instant they name: those of files, and commands with an instant. */
export const namedInstants: Timing = { command: (_, at) => ({ outcome: 'at', at }), usage: () => null };

/** Accounts that the server does not catch up automatically, and events ahead of its clock. */
export interface Waiting {
  /** Accounts that would be caught up by more than the limit. */
  readonly lagging: Map<string, Lag>;
  /** The latest event that is further ahead of the server's clock than allowed. */
  ahead: { readonly account: string; readonly last: Instant } | null;
}

/** Timing of commands without an instant, on a server. */
export interface ServerTiming {
  /** What may be caught up automatically; null: anything (a test clock, or an explicit request). */
  limit(): CatchUpLimit | null;
  readonly waiting: Waiting;
}

/** Commands happen now, by a server's clock. */
export const serverInstants = (
  { limit, waiting }: ServerTiming,
  context: LedgerContext,
  deciding: Pick<Decider, 'command'>,
): Timing => {
  /** Months that wait for a price do not count as lag, since nothing can close them. */
  const waitsForPrice = (entry: LoadedAccount, at: Instant, month: string): boolean => {
    const decision = deciding.command(entry, { name: 'close-month', body: { month } }, at);
    return decision.outcome === 'refused' && decision.refusal.code === 'price_not_agreed';
  };

  const lagging = (entry: LoadedAccount, at: Instant): Refusal | null => {
    const most = limit();
    if (most === null || entry.account === null) return null;
    const { account } = entry.account;
    const billing = context.billing();
    const lag = lagBeyond(entry.account, at, most, billing);
    if (lag === null || (!lag.isOverdue && waitsForPrice(entry, at, lag.next))) {
      waiting.lagging.delete(account);
      return null;
    }
    waiting.lagging.set(account, lag);
    return catchUpNeeded(account, lag, billing.calendar);
  };

  return {
    command: (entry, asked) => {
      const last = entry.account?.clock ?? asked;
      if (last - asked > CLOCK_BEHIND_MAX_MS) {
        if (waiting.ahead === null || last > waiting.ahead.last)
          waiting.ahead = { account: entry.account?.account ?? '', last };
        return clockBehind(last, asked, context.billing().calendar);
      }
      const at = Math.max(asked, last);
      const refusal = lagging(entry, at);
      return refusal === null ? { outcome: 'at', at } : { outcome: 'refused', refusal };
    },
    usage: lagging,
  };
};

const clockBehind = (last: Instant, now: Instant, calendar: Calendar) =>
  refuse(
    'clock_behind',
    `the server's clock is at ${calendar.textOf(now)}, and the account's last event happened at ${calendar.textOf(last)}: correct the clock, or send it again later`,
    { now: instantText(now), last: instantText(last) },
  );

const catchUpNeeded = (account: string, { since, closes }: Lag, calendar: Calendar): Refusal =>
  refuse(
    'catch_up_needed',
    `${account} has lived until ${calendar.textOf(since)}; living on until now would ${closes > 0 ? `close ${closes} months and ` : ''}let everything happen that was due since. If the server's clock is right, start it with --catch-up`,
    { account, since: instantText(since), closes },
  ).refusal;
