/** Limits of an account, and where its month stands. */
import * as z from 'zod';
import { type Account, available } from '../../domain/account.ts';
import { fold } from '../../domain/evolve.ts';
import { sharesReached, spentIn } from '../../domain/spend.ts';
import { commandSchemas } from '../../input/commands.ts';
import { catalogueAsOf } from '../../ledger/queries/estimate.ts';
import type { Api } from '../http/api.ts';
import { accountThen } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const limits = z
  .object({
    spend: shape.money.nullable(),
    notifyAt: z.array(z.string()).describe('shares of `spend`'),
    lowBalance: shape.money.nullable(),
    month: shape.month.describe('the calendar month of now'),
    spent: shape.money.describe('its lines, without corrections; what has no price counts nothing'),
    reached: z.array(z.string()).describe('the shares that it has reached'),
    available: shape.money,
  })
  .meta({ id: 'Limits' });

const NONE = { spend: null, notifyAt: [], lowBalance: null, told: null };

const viewOf = (api: Api, account: Account, now: number, catalogue = api.ledger.catalogue()) => {
  const { told: _, ...own } = account.limits ?? NONE;
  const month = api.ledger.calendar.monthOf(now);
  const spent = spentIn(account, catalogue, month);
  const reached = sharesReached(account.limits ?? NONE, spent);
  return { ...own, month, spent, reached, available: available(account) };
};

const put = route({
  method: 'PUT',
  path: '/accounts/:account/limits',
  scope: 'operate',
  tag: 'Accounts',
  what: 'Set the limits: notices start again, and are checked at once',
  params: shape.ofAccount,
  query: shape.nothing,
  body: commandSchemas['set-limits'],
  answers: { 200: { what: 'the limits, and where the month stands', schema: limits } },
  example: {
    path: '/accounts/acme/limits',
    body: { spend: '1000.00', notifyAt: ['0.8', '1'], lowBalance: '100.00' },
    status: 200,
  },
  command: async (api, call, run) => {
    const { account: id } = call.params;
    const command = { name: 'set-limits', body: call.body } as const;
    const { headers, isDry, events } = await run(api, call, id, 'PUT /limits', command);
    const { account, now } = await accountThen(api, id);
    const after = (isDry && fold(account, events)) || account;
    return { status: 200, body: viewOf(api, after, now), headers };
  },
});

const get = route({
  method: 'GET',
  path: '/accounts/:account/limits',
  scope: 'read',
  tag: 'Accounts',
  what: 'The limits, and where the month stands; also as it was',
  params: shape.ofAccount,
  query: shape.asOf,
  body: null,
  answers: { 200: { what: 'the limits', schema: limits } },
  example: { path: '/accounts/acme/limits', status: 200 },
  handle: async (api, { params, query }) => {
    const { account, now, until } = await accountThen(api, params.account, query);
    const published = api.ledger.catalogue();
    const catalogue = until ? await catalogueAsOf(api.ledger.store, published, until) : published;
    return { status: 200, body: viewOf(api, account, now, catalogue) };
  },
});

export const limitRoutes: readonly Route[] = [put, get];
