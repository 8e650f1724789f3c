/** What reads share: an account as it is or was, views that have seen enough, and pages. */

import type { Views } from '../../derived/views.ts';
import type { Account } from '../../domain/account.ts';
import type { Instant } from '../../domain/calendar.ts';
import { instantFromText } from '../../input/instant-text.ts';
import { ViewsBehind } from '../../ledger/following/following.ts';
import { entryAsOf } from '../../ledger/queries/as-of.ts';
import type { Api } from './api.ts';
import { ApiProblem } from './problem.ts';

const WAIT_MS = 5_000;
const POLL_MS = 20;

/** Waits until the ledger has reached a position; 503 after some seconds. */
export const reached = async (api: Api, after: string | undefined): Promise<void> => {
  if (after === undefined) return;
  for (let waited = 0; ; waited += POLL_MS) {
    if (await Promise.race([api.ledger.hasReached(after).catch(behind), tooLong()])) return;
    if (waited >= WAIT_MS) {
      throw new ApiProblem(
        'view_behind',
        `position ${after} is not reached yet`,
        { after },
        { 'Retry-After': '1' },
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
};

/** The views, once they show everything acknowledged so far. */
export const viewsOf = async (api: Api, after: string | undefined): Promise<Views> => {
  await reached(api, after);
  const { views } = api.ledger;
  if (!views) throw new ApiProblem('view_behind', 'this ledger keeps no views');
  await Promise.race([api.ledger.viewsCaughtUp().catch(behind), tooLong()]);
  return views;
};

const behind = (error: unknown): never => {
  if (!(error instanceof ViewsBehind)) throw error;
  throw new ApiProblem('view_behind', error.message, {}, { 'Retry-After': '1' });
};

const tooLong = (): Promise<never> =>
  new Promise((_, reject) =>
    setTimeout(
      () => reject(new ApiProblem('view_behind', 'the views are behind', {}, { 'Retry-After': '1' })),
      WAIT_MS,
    ).unref(),
  );

export interface When {
  readonly after?: string | undefined;
  readonly asOf?: string | undefined;
  readonly asOfPosition?: string | undefined;
}

/** An account as it is now, or was; throws `account_unknown`. `now` is the instant by which its packs are judged. */
export const accountThen = async (
  api: Api,
  id: string,
  when: When = {},
): Promise<{ account: Account; now: Instant }> => {
  await reached(api, when.after);
  const { asOf, asOfPosition } = when;
  if (asOf !== undefined && asOfPosition !== undefined)
    throw new ApiProblem('invalid_request', 'asOf or asOfPosition, not both', { field: 'asOf' });
  const at = asOf === undefined ? null : instantFromText(asOf);
  const entry =
    at !== null
      ? await entryAsOf(api.ledger.store, id, { at })
      : asOfPosition !== undefined
        ? await entryAsOf(api.ledger.store, id, { position: asOfPosition })
        : await api.ledger.entry(id);
  if (!entry.account) throw unknownAccount(id);
  const { account } = entry;
  return { account, now: at ?? (asOfPosition === undefined ? api.clock.now() : account.clock) };
};

export const unknownAccount = (account: string): ApiProblem =>
  new ApiProblem('account_unknown', `there is no account ${account}`, { account });

/** A page of a list that is at hand, by index. */
export const pageOf = <Item>(
  items: readonly Item[],
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): { items: readonly Item[]; next: string | null } => {
  const from = cursorNumber(cursor);
  const next = from + limit;
  return { items: items.slice(from, next), next: next < items.length ? String(next) : null };
};

/** A cursor that is a number; throws `invalid_request` for another. */
export const cursorNumber = (cursor: string | undefined): number => {
  if (cursor === undefined) return 0;
  if (!DIGITS.test(cursor)) throw unknownCursor();
  return Number(cursor);
};

/** A cursor of two numbers, a revision and a place in it (`12-3`); throws `invalid_request` for another. */
export const cursorPlace = (cursor: string | undefined): readonly [revision: number, place: number] => {
  if (cursor === undefined) return [0, 0];
  const [revision, place, ...more] = cursor.split('-');
  if (revision === undefined || place === undefined || more.length > 0) throw unknownCursor();
  return [cursorNumber(revision), cursorNumber(place)];
};

/** `Number` would read a sign, an exponent, spaces and nothing at all. */
const DIGITS = /^\d{1,15}$/;
const unknownCursor = (): ApiProblem =>
  new ApiProblem('invalid_request', 'cursor: not one that this list gave', { field: 'cursor' });
