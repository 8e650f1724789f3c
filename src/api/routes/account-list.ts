/** Accounts as a list. */

import * as z from 'zod';
import { seesAccount } from '../../access/keyring.ts';
import { stoppedBy } from '../../ledger/account/single-account-failure.ts';
import { accountView } from '../../ledger/queries/account-view.ts';
import { accountPages } from '../../ledger/queries/accounts.ts';
import type { Api } from '../http/api.ts';
import { accountThen } from '../http/reads/point-in-time.ts';
import { route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

export const accountList = route({
  method: 'GET',
  path: '/accounts',
  scope: 'read',
  tag: 'Accounts',
  what: 'List accounts, in the order of their ids',
  params: shape.nothing,
  query: shape.paged,
  body: null,
  answers: {
    200: {
      what: 'a page; `quarantined` names accounts that stand still and cannot be shown',
      schema: shape.page(shape.account).extend({ quarantined: z.array(z.string()).optional() }),
    },
  },
  example: { path: '/accounts?limit=2', status: 200 },
  handle: async (api, { query, key }) => {
    const items: unknown[] = [];
    const quarantined: string[] = [];
    const answer = (next: string | null) => ({
      status: 200,
      body: { items, next, ...(quarantined.length > 0 ? { quarantined } : {}) },
    });
    const pages = { after: query.cursor ?? null, page: query.limit };
    for await (const page of accountPages(api.ledger.store, pages)) {
      for (const id of page) {
        if (!seesAccount(key, id)) continue;
        const view = await viewUnlessStopped(api, id, query);
        if (view) items.push(view);
        else quarantined.push(id);
        if (items.length === query.limit)
          return answer(id === page.at(-1) && page.length < query.limit ? null : id);
      }
    }
    return answer(null);
  },
});

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
