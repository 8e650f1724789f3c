/**
 * Closes that could not be made: refused, or failed at this server. Each is logged once, and again when its reason
 * changes; `price_not_agreed` is also an event, so the views have it on all servers.
 */
import type { Month } from '../domain/calendar.ts';
import type { Refusal } from '../domain/refusals.ts';

/** A waiting close; `code` is a refusal's, or `internal` if the close failed. */
export interface WaitingClose {
  readonly account: string;
  readonly month: Month;
  readonly code: string;
  readonly detail: string;
  readonly members: Refusal['members'];
  /** When this server first met it, RFC 3339. */
  readonly since: string;
}

export interface WaitingCloses {
  /** A close was refused. */
  refused(account: string, month: Month, refusal: Refusal): void;
  /** A close failed unexpectedly; it is logged separately. */
  failed(account: string, error: unknown): void;
  /** A month of the account is closed by now. */
  done(account: string): void;
  /** Those of a month or of one before it, by account. */
  until(month: Month): readonly WaitingClose[];
  /** Number of waiting closes by code. */
  counts(): ReadonlyMap<string, number>;
}

/** Limit on remembered closes; ten thousand are enough for an operator to see the problem. */
const KEPT_MAX = 10_000;
const UNKNOWN_MONTH = '';

export const openWaitingCloses = (now: () => string, log: (waiting: WaitingClose) => void): WaitingCloses => {
  const closes = new Map<string, WaitingClose>();
  const note = (waiting: Omit<WaitingClose, 'since'>, isLogged: boolean): void => {
    const before = closes.get(waiting.account);
    const isSame =
      before?.month === waiting.month && before.code === waiting.code && before.detail === waiting.detail;
    if (isSame || (!before && closes.size >= KEPT_MAX)) return;
    const since = before?.month === waiting.month ? before.since : now();
    closes.set(waiting.account, { ...waiting, since });
    if (isLogged) log({ ...waiting, since });
  };
  return {
    refused: (account, month, { code, detail, members }) =>
      note({ account, month, code, detail, members }, true),
    failed: (account, error) => {
      const detail = error instanceof Error ? error.message : String(error);
      note({ account, month: UNKNOWN_MONTH, code: 'internal', detail, members: {} }, false);
    },
    done: (account) => void closes.delete(account),
    until: (month) =>
      [...closes.values()]
        .filter((one) => one.month <= month)
        .sort((a, b) => (a.account < b.account ? -1 : 1)),
    counts: () => {
      const counts = new Map<string, number>();
      for (const { code } of closes.values()) counts.set(code, (counts.get(code) ?? 0) + 1);
      return counts;
    },
  };
};
