/** The operator's inbox: what needs a person, and the accounts among it. */
import { viewAt, viewsUnder } from '../../derived/view-rows.ts';
import { inboxOf } from '../../operation/inbox.ts';
import { needRows, standingRows } from '../../projections/standing.ts';
import { viewsOf } from '../http/reads/consistency.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';
import { inboxShape, neededAccount } from '../schemas/inbox.ts';

const inbox = route({
  method: 'GET',
  path: '/inbox',
  scope: 'operate',
  tag: 'Operation',
  what: 'What needs a person now: of all accounts, and of the server that answers',
  params: shape.nothing,
  query: shape.reading,
  body: null,
  answers: { 200: { what: 'what needs a person', schema: inboxShape } },
  example: { path: '/inbox', status: 200 },
  handle: async (api, { query }) => {
    const views = await viewsOf(api, query.after);
    await api.clock.ready();
    const { calendar } = api.ledger;
    const found = inboxOf({
      ...{ views, calendar, now: api.clock.now(), realNow: api.realNow() },
      ...{ closes: api.closes, quarantined: api.ledger.quarantine().length, watched: api.watched },
    });
    return { status: 200, body: found };
  },
});

const PREFIX = 'need/';

const accounts = route({
  method: 'GET',
  path: '/inbox/accounts',
  scope: 'operate',
  tag: 'Operation',
  what: 'Accounts that need a person: in arrears, suspended, or with a freeze that failed; the longest waiting first',
  params: shape.nothing,
  query: shape.paged,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(neededAccount) } },
  example: { path: '/inbox/accounts', status: 200 },
  handle: async (api, { query }) => {
    const views = await viewsOf(api, query.after);
    const after = query.cursor === undefined ? null : `${PREFIX}${query.cursor}`;
    const rows = viewsUnder(views, needRows, PREFIX, after, query.limit + 1);
    const page = rows.slice(0, query.limit);
    const items = page.flatMap(({ value }) => viewAt(views, standingRows, `account/${value.account}`) ?? []);
    const next = rows.length > page.length ? (page.at(-1)?.key.slice(PREFIX.length) ?? null) : null;
    return { status: 200, body: { items, next } };
  },
});

export const inboxRoutes: readonly Route[] = [inbox, accounts];
