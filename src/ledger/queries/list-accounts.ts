/**
 * Accounts by search, filters and order, a page at a time. What a page costs does not grow with the number of accounts: it
 * walks the smallest group asked for in its order, or, where a search finds few, those; and looks at a bounded number.
 */
import { type Row, viewAt, viewsBackwards, viewsUnder } from '../../derived/view-rows.ts';
import type { Views } from '../../derived/views.ts';
import { accountWords, folded, WORD_MAX } from '../../projections/account-search.ts';
import {
  type AccountSort,
  accountAt,
  countKey,
  countRows,
  groupsOf,
  type ListedAccount,
  listedRows,
  nameKey,
  nameRows,
  ofKey,
  orderPrefix,
  placeOf,
  placeRows,
  wordPrefix,
} from '../../projections/accounts.ts';
import { MARK } from '../../projections/mark.ts';

export interface AccountsAsked {
  /** A folded text (`searchText`) that begins a word of the id or of the holder's name; null: any. */
  readonly text: string | null;
  /** All of them. */
  readonly groups: readonly string[];
  readonly sort: AccountSort;
  readonly isDown: boolean;
  /** The accounts that may be seen; null: all. */
  readonly only: readonly string[] | null;
}

export interface AccountsPage {
  readonly accounts: readonly ListedAccount[];
  /** Where the next page begins (`after`); null: this is the last one. */
  readonly next: string | null;
}

/** So many found accounts are put in order at once; more are looked for along the order. */
const FEW_MAX = 1_000;
/** In the order of their ids nothing has to be read to put them in order. */
const FOUND_MAX = 20_000;
/** So many accounts are looked at for a page, which may then have fewer than asked for, and a next one. */
const LOOKED_MAX = 2_000;
const STEP = 200;

/** What is looked for; empty if the text has nothing to look for. */
export const searchText = (text: string): string => [...folded(text)].slice(0, WORD_MAX).join('');

/** A page of accounts after a place in their order (null: from its beginning). */
export const listAccounts = (
  views: Views,
  asked: AccountsAsked,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): AccountsPage => {
  const few = asked.only ?? (asked.text === null ? null : found(views, asked.text, asked.sort));
  if (few && asked.sort === 'account') return byId(views, asked, few, { after, limit });
  return few ? sorted(views, asked, few, { after, limit }) : walked(views, asked, { after, limit });
};

/** Accounts that a search finds; null if there are too many. */
const found = (views: Views, text: string, sort: AccountSort): readonly string[] | null => {
  const prefix = wordPrefix(text);
  const most = sort === 'account' ? FOUND_MAX : FEW_MAX;
  const accounts = new Set<string>();
  for (let after: string | null = null, looked = 0; looked < 2 * most; looked += STEP) {
    const rows: readonly Row<null>[] = viewsUnder(views, placeRows, prefix, after, STEP);
    for (const { key } of rows) accounts.add(accountAt(key));
    if (accounts.size > most) return null;
    const last = rows.at(-1);
    if (!last || rows.length < STEP) return [...accounts];
    after = last.key;
  }
  return null;
};

interface PageAsked {
  readonly after: string | null;
  readonly limit: number;
}

const byId = (
  views: Views,
  asked: AccountsAsked,
  few: readonly string[],
  { after, limit }: PageAsked,
): AccountsPage => {
  const from = after?.slice(MARK.length) ?? null;
  const ids = few
    .filter((id) => from === null || compared(asked, id, from) > 0)
    .sort((a, b) => compared(asked, a, b));
  const accounts: ListedAccount[] = [];
  for (const [i, id] of ids.entries()) {
    const of = wanted(views, asked, id);
    if (of) accounts.push(of);
    if (accounts.length === limit || i + 1 === LOOKED_MAX)
      return { accounts, next: i + 1 < ids.length ? `${MARK}${id}` : null };
  }
  return { accounts, next: null };
};

const sorted = (
  views: Views,
  asked: AccountsAsked,
  few: readonly string[],
  { after, limit }: PageAsked,
): AccountsPage => {
  const placed = few
    .flatMap((account) => {
      const of = wanted(views, asked, account);
      return of ? [{ of, place: placeOf(asked.sort, of, nameIn(views, account)) }] : [];
    })
    .filter(({ place }) => after === null || compared(asked, place, after) > 0)
    .sort((a, b) => compared(asked, a.place, b.place));
  const page = placed.slice(0, limit);
  const next = placed.length > page.length ? (page.at(-1)?.place ?? null) : null;
  return { accounts: page.map(({ of }) => of), next };
};

/** SQLite's order of texts, or its reverse. */
const compared = ({ isDown }: AccountsAsked, a: string, b: string): number =>
  (isDown ? -1 : 1) * Buffer.compare(Buffer.from(a), Buffer.from(b));

const walked = (views: Views, asked: AccountsAsked, { after, limit }: PageAsked): AccountsPage => {
  const prefix = orderPrefix(smallest(views, asked.groups), asked.sort);
  const accounts: ListedAccount[] = [];
  for (let at = after === null ? null : `${prefix}${after}`, looked = 0; ; ) {
    const rows: readonly Row<null>[] = asked.isDown
      ? viewsBackwards(views, placeRows, prefix, at ?? `${prefix}\u{10ffff}`, STEP + 1)
      : viewsUnder(views, placeRows, prefix, at, STEP + 1);
    for (const [i, { key }] of rows.slice(0, STEP).entries()) {
      const of = wanted(views, asked, accountAt(key));
      if (of) accounts.push(of);
      looked += 1;
      at = key;
      if (accounts.length < limit && looked < LOOKED_MAX) continue;
      return { accounts, next: i + 1 < rows.length ? key.slice(prefix.length) : null };
    }
    if (rows.length <= STEP) return { accounts, next: null };
  }
};

const smallest = (views: Views, groups: readonly string[]): string => {
  const sizes = groups.map((group) => viewAt(views, countRows, countKey(group))?.accounts ?? 0);
  return groups[sizes.indexOf(Math.min(...sizes))] ?? 'all';
};

/** How an account stands, if it is one that is asked for. */
const wanted = (views: Views, { groups, text }: AccountsAsked, account: string): ListedAccount | null => {
  const of = viewAt(views, listedRows, ofKey(account));
  if (!of) return null;
  const own = groupsOf(of);
  if (!groups.every((group) => own.includes(group))) return null;
  if (text === null) return of;
  return [...accountWords(account, nameIn(views, account))].some((word) => word.startsWith(text)) ? of : null;
};

const nameIn = (views: Views, account: string): string => viewAt(views, nameRows, nameKey(account)) ?? '';
