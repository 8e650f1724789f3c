/** Previews closing a month for all accounts, in sum; records nothing. */
import { sideBySide } from '../async/side-by-side.ts';
import type { Instant } from '../domain/calendar.ts';
import { type Money, plus, ZERO } from '../domain/money.ts';
import { stoppedOrThrow } from '../ledger/account/single-account-failure.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { accountPages } from '../ledger/queries/accounts.ts';

export interface ClosePreview {
  /** Accounts whose month would be closed. */
  readonly closed: number;
  /** Accounts whose month is already closed. */
  readonly closedBefore: number;
  /** Accounts that would be refused, by code, and the first of them one by one. */
  readonly refused: number;
  readonly refusedByCode: Readonly<Record<string, number>>;
  readonly refusals: readonly Refused[];
  /** Sums of the bills' `due` and `total`. */
  readonly due: Money;
  readonly total: Money;
  /** False if there are more accounts than a preview covers. */
  readonly isWhole: boolean;
}

interface Refused {
  readonly account: string;
  readonly code: string;
  readonly detail: string;
}

/** Refusals that are listed one by one; `GET /months/{m}/blocked` has them all. */
const PREVIEW_LISTED = 100;
/** Accounts that a preview looks at: it is answered within one request. */
const PREVIEW_ACCOUNTS = 10_000;
const TOGETHER = 16;

/** Tries the close of each account; `most` of them. */
export const closePreview = async (
  ledger: Ledger,
  month: string,
  at: Instant,
  most = PREVIEW_ACCOUNTS,
): Promise<ClosePreview> => {
  let [closed, closedBefore, looked, isWhole] = [0, 0, 0, true];
  let [due, total] = [ZERO, ZERO];
  const refusedByCode: Record<string, number> = {};
  const refusals: Refused[] = [];
  const refuse = (refused: Refused): void => {
    refusedByCode[refused.code] = (refusedByCode[refused.code] ?? 0) + 1;
    refusals.push(refused);
    if (refusals.length > 2 * PREVIEW_LISTED) firstOf(refusals);
  };
  const tryOne = async (account: string): Promise<void> => {
    const { account: held } = await ledger.entry(account);
    if (!held || ledger.calendar.monthOf(held.openedAt) > month) return;
    const command = { name: 'close-month', body: { month } } as const;
    const answer = await ledger.tryOut(account, command, Math.max(at, held.clock), null);
    if (answer.outcome === 'refused') {
      const { code, detail } = answer.refusal;
      return refuse({ account, code, detail });
    }
    const event = answer.events.find((one) => one.event.type === 'MonthClosed')?.event;
    if (event?.type !== 'MonthClosed') {
      closedBefore += 1;
      return;
    }
    closed += 1;
    due = plus(due, event.data.bill.due ?? ZERO);
    total = plus(total, event.data.bill.total ?? ZERO);
  };
  for await (const accounts of accountPages(ledger.store)) {
    const some = accounts.slice(0, most - looked);
    looked += some.length;
    await sideBySide(some, TOGETHER, (account) =>
      tryOne(account).catch((error) => refuse({ account, ...stoppedOrThrow(error) })),
    );
    if (some.length < accounts.length) isWhole = false;
    if (!isWhole) break;
  }
  const refused = Object.values(refusedByCode).reduce((sum, count) => sum + count, 0);
  firstOf(refusals);
  return { closed, closedBefore, refused, refusedByCode, refusals, due, total, isWhole };
};

/** Keeps the first ones in the order of accounts, although they are computed concurrently. */
const firstOf = (refusals: Refused[]): void => {
  refusals.sort((a, b) => (a.account < b.account ? -1 : 1)).splice(PREVIEW_LISTED);
};
