/** An account as it is, or as it was at an instant or a position that a query names. */

import type { Account } from '../../../domain/account.ts';
import { type Instant, instantText } from '../../../domain/calendar.ts';
import { comparePositions } from '../../../eventstore/event-store.ts';
import { eventAt } from '../../../eventstore/reading.ts';
import { accountStream } from '../../../eventstore/stream-names.ts';
import { instantFromText } from '../../../input/instant-text.ts';
import type { LoadedAccount } from '../../../ledger/account/loaded-account.ts';
import { entryAsOf, type Until } from '../../../ledger/queries/as-of.ts';
import type { IssuedBill } from '../../../ledger/queries/bills.ts';
import type { Api } from '../api.ts';
import { ApiProblem } from '../problems/problem.ts';
import { reached } from './consistency.ts';

export interface When {
  readonly after?: string | undefined;
  readonly asOf?: string | undefined;
  readonly asOfPosition?: string | undefined;
}

export interface AccountThen {
  readonly entry: LoadedAccount;
  readonly account: Account;
  /** The instant by which its packs are judged. */
  readonly now: Instant;
  /** Null: the present. */
  readonly until: Until | null;
}

/** The moment that a pair of parameters names, or null for neither; throws `invalid_request` for both or a bad one. */
export const untilOf = (
  at: string | undefined,
  position: string | undefined,
  field: string,
): Until | null => {
  if (at !== undefined && position !== undefined)
    throw new ApiProblem('invalid_request', `${field} or ${field}Position, not both`, { field });
  if (position !== undefined) return { position };
  if (at === undefined) return null;
  const instant = instantFromText(at);
  if (instant === null) throw new ApiProblem('invalid_request', `${field}: no instant`, { field });
  return { at: instant };
};

/** Throws `invalid_request` for a position that the ledger has not reached: what it will know then is not known. */
const checkReached = async (
  { ledger: { store } }: Api,
  until: Until | null,
  field: string,
): Promise<void> => {
  if (until?.position === undefined) return;
  const end = await store.end();
  if (comparePositions(until.position, end) > 0)
    throw new ApiProblem('invalid_request', `${field}: the ledger ends at position ${end ?? 'none'}`, {
      field,
    });
};

/** An account as it is now, or as of an instant; throws `account_unknown` if it was not open. */
export const accountThen = async (api: Api, id: string, when: When = {}): Promise<AccountThen> => {
  await reached(api, when.after);
  const until = untilOf(when.asOf, when.asOfPosition, 'asOf');
  await checkReached(api, until, 'asOfPosition');
  const entry = until ? await entryAsOf(api.ledger.store, id, until) : await api.ledger.entry(id);
  if (!entry.account) throw unknownAccount(id);
  const { account } = entry;
  return { entry, account, until, now: until ? (until.at ?? account.clock) : api.clock.now() };
};

export const unknownAccount = (account: string): ApiProblem =>
  new ApiProblem('account_unknown', `there is no account ${account}`, { account });

/** Throws `bill_unknown`, with the instant of issue, for a bill issued after that instant. */
export const checkIssued = async (api: Api, { bill, closed }: IssuedBill, when: When): Promise<void> => {
  const until = untilOf(when.asOf, when.asOfPosition, 'asOf');
  if (!until) return;
  await checkReached(api, until, 'asOfPosition');
  const stored = await eventAt(api.ledger.store, accountStream(bill.account), closed);
  const isIssued =
    until.position === undefined
      ? bill.issuedAt <= instantText(until.at)
      : stored !== null && comparePositions(stored.position, until.position) <= 0;
  if (isIssued) return;
  const { account, month, issuedAt } = bill;
  throw new ApiProblem('bill_unknown', `the bill of ${month} was issued at ${issuedAt}, not before`, {
    account,
    month,
    issuedAt,
  });
};
