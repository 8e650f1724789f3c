/** Accounts as a list: all of them by their ids, or by search, filters and order. */
import * as z from 'zod';
import { minus } from '../../domain/money.ts';
import { accountOf, accountStream } from '../../eventstore/stream-names.ts';
import { accountId } from '../../input/commands.ts';
import { stoppedBy } from '../../ledger/account/single-account-failure.ts';
import { accountView } from '../../ledger/queries/account-view.ts';
import { accountPages } from '../../ledger/queries/accounts.ts';
import { listAccounts, searchText } from '../../ledger/queries/list-accounts.ts';
import { holderName } from '../../ledger/system/account-holder.ts';
import { ACCOUNT_SORTS, type ListedAccount } from '../../projections/accounts.ts';
import type { Api } from '../http/api.ts';
import type { Call, Reply } from '../http/call.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { viewsOf } from '../http/reads/consistency.ts';
import { accountThen } from '../http/reads/point-in-time.ts';
import { placeInQuery, queryCursor } from '../http/reads/query-cursor.ts';
import { route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const TEXT_MAX = 200;

const asked = shape.paged.extend({
  q: z.string().max(TEXT_MAX).optional().describe('begins a word of the id or of the name'),
  status: z.enum(['active', 'suspended']).optional(),
  reason: z
    .enum(['arrears', 'freeze_failed', 'prohibited'])
    .optional()
    .describe('suspended, for this reason among others'),
  product: z.string().max(TEXT_MAX).optional().describe('has activated this product'),
  arrears: z.literal('true').optional().describe('true: the balance is below zero'),
  frozen: z.literal('true').optional().describe('true: something is frozen'),
  sort: z.enum(ACCOUNT_SORTS).default('account'),
  order: z.enum(['up', 'down']).default('up').describe('up: from the least'),
});
type Asked = z.infer<typeof asked>;

export const accountList = route({
  method: 'GET',
  path: '/accounts',
  scope: 'read',
  tag: 'Accounts',
  what: 'List accounts, in the order of their ids or another; all, or those that are looked for',
  params: shape.nothing,
  query: asked,
  body: null,
  answers: {
    200: {
      what: 'a page, which may have fewer accounts than asked for and a next one; `quarantined` names accounts that stand still and cannot be shown',
      schema: shape.page(shape.account).extend({ quarantined: z.array(z.string()).optional() }),
    },
  },
  example: { path: '/accounts?limit=2', status: 200 },
  handle: async (api, call) => (isPlain(call.query) ? everyAccount(api, call) : someAccounts(api, call)),
});

type ListCall = Call<unknown, Asked, unknown>;

interface Listed {
  readonly items: unknown[];
  readonly quarantined: string[];
}

const reply = ({ items, quarantined }: Listed, next: string | null): Reply => ({
  status: 200,
  body: { items, next, ...(quarantined.length > 0 ? { quarantined } : {}) },
});

/** What makes the list: all that is asked for but how much of it. */
const listAsked = ({ limit: _, cursor: __, after: ___, ...list }: Asked) => list;

const isPlain = (query: Asked): boolean => {
  const { sort, order, ...filters } = listAsked(query);
  return sort === 'account' && order === 'up' && Object.values(filters).every((one) => one === undefined);
};

/** By the names of their streams: also those that no view could read. */
const everyAccount = async (api: Api, { query, key }: ListCall): Promise<Reply> => {
  const { cursor, limit } = query;
  if (cursor !== undefined && !accountId.safeParse(cursor).success)
    throw new ApiProblem('invalid_request', 'cursor: not one that this list gave', { field: 'cursor' });
  const listed: Listed = { items: [], quarantined: [] };
  const pages =
    key.accounts === null
      ? accountPages(api.ledger.store, { after: cursor ?? null, page: limit + 1 })
      : [await boundTo(api, key.accounts, cursor)];
  for await (const page of pages) {
    for (const [i, id] of page.entries()) {
      const view = await viewUnlessStopped(api, id, query);
      if (view) listed.items.push(view);
      else listed.quarantined.push(id);
      if (listed.items.length === limit)
        return reply(listed, i + 1 < page.length || page.length > limit ? id : null);
    }
  }
  return reply(listed, null);
};

/** The accounts of a key that there are, after one. */
const boundTo = async ({ ledger: { store } }: Api, accounts: readonly string[], after = '') => {
  const own = [...new Set(accounts)].filter((id) => id > after).sort();
  const heads = await Promise.all(own.map((id) => store.head(accountStream(id))));
  return own.filter((_, i) => heads[i]?.length !== 0);
};

/** An account as listed; null if it is quarantined, so that the others can still be listed. */
const viewUnlessStopped = async (api: Api, id: string, query: { readonly after?: string | undefined }) => {
  try {
    const { account } = await accountThen(api, id, query);
    return await accountView(api.ledger.store, account);
  } catch (error) {
    if (stoppedBy(error)) return null;
    throw error;
  }
};

/** From the views. */
const someAccounts = async (api: Api, { query, key }: ListCall): Promise<Reply> => {
  const list = listAsked(query);
  const text = list.q === undefined ? null : searchText(list.q);
  if (text === '')
    throw new ApiProblem('invalid_request', 'q: has no letter or digit to look for', { field: 'q' });
  const after = placeInQuery(list, query.cursor);
  const views = await viewsOf(api, query.after);
  const asked = {
    ...{ text, groups: groupsAsked(list), sort: list.sort, isDown: list.order === 'down' },
    only: key.accounts === null ? null : [...new Set(key.accounts)],
  };
  const { accounts, next } = listAccounts(views, asked, { after, limit: query.limit });
  const held = new Set(api.ledger.quarantine().map(({ stream }) => accountOf(stream)));
  const [shown, stopped] = [
    accounts.filter(({ account }) => !held.has(account)),
    accounts.filter(({ account }) => held.has(account)),
  ];
  const listed: Listed = {
    items: await Promise.all(shown.map((one) => listedView(api, one))),
    quarantined: stopped.map(({ account }) => account),
  };
  return reply(listed, next === null ? null : queryCursor(list, next));
};

const groupsAsked = ({ status, reason, product, arrears, frozen }: ReturnType<typeof listAsked>) => [
  'all',
  ...(status ? [status] : []),
  ...(reason ? [`reason:${reason}`] : []),
  ...(arrears ? ['arrears'] : []),
  ...(frozen ? ['frozen'] : []),
  ...(product === undefined ? [] : [`product:${product}`]),
];

/** Names are read from where they are erased. */
const listedView = async (api: Api, { account, openedAt, ...of }: ListedAccount) => ({
  account,
  name: (await holderName(api.ledger.store, account)) ?? '',
  openedAt,
  status: of.suspensions.length > 0 ? 'suspended' : 'active',
  suspensions: of.suspensions,
  balance: { total: of.total, available: minus(of.total, of.frozen), frozen: of.frozen },
  services: of.services,
});
