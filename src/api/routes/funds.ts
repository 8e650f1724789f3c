/** Money, packs and prices of an account: the commands that change what it can spend, and what it holds. */
import * as z from 'zod';
import { groupKey } from '../../domain/account.ts';
import { freeLeft, granted } from '../../domain/allowance.ts';
import { instantText } from '../../domain/calendar.ts';
import { inForce } from '../../domain/catalogue.ts';
import { commandSchemas } from '../../input/commands.ts';
import { packView } from '../../ledger/queries/account-view.ts';
import { accountThen, pageOf } from '../http/consistency.ts';
import { type Route, route } from '../http/route.ts';
import { created } from '../http/run-command.ts';
import * as shape from '../schemas/common.ts';

const paid = z.object({ amount: shape.money, reference: z.string() });
const deposit = route({
  method: 'POST',
  path: '/accounts/:account/deposits',
  scope: 'operate',
  tag: 'Funds',
  what: 'Deposit funds; a reference counts once',
  idempotent: true,
  params: shape.ofAccount,
  query: shape.nothing,
  body: commandSchemas.deposit,
  answers: {
    201: { what: 'deposited', schema: paid },
    200: { what: 'was deposited before', schema: paid },
  },
  example: {
    path: '/accounts/acme/deposits',
    body: { amount: '200000.00', reference: 'wire-1' },
    status: 201,
  },
  command: async (api, call, run) => {
    const command = { name: 'deposit', body: call.body } as const;
    const ran = await run(api, call, call.params.account, 'POST /deposits', command);
    return created(ran, { ...call.body, amount: twoPlaces(call.body.amount) });
  },
});

const credited = paid.extend({ reason: z.string(), pack: z.string().nullable() });
const credit = route({
  method: 'POST',
  path: '/accounts/:account/credits',
  scope: 'operate',
  tag: 'Funds',
  what: 'Grant a credit, perhaps for a pack that is voided',
  idempotent: true,
  params: shape.ofAccount,
  query: shape.nothing,
  body: commandSchemas.credit,
  answers: {
    201: { what: 'granted', schema: credited },
    200: { what: 'was granted before', schema: credited },
  },
  example: {
    path: '/accounts/acme/credits',
    body: { amount: '10.00', reference: 'ticket-7', reason: 'goodwill' },
    status: 201,
  },
  command: async (api, call, run) => {
    const { amount, reference, reason, pack } = call.body;
    const command = { name: 'credit', body: call.body } as const;
    const ran = await run(api, call, call.params.account, 'POST /credits', command);
    return created(ran, { amount: twoPlaces(amount), reference, reason, pack: pack ?? null });
  },
});

/** An amount of at most two places, with two. */
const twoPlaces = (amount: string): string => {
  const [yuan = '0', fen = ''] = amount.split('.');
  return `${yuan.replace(/^0+(?=\d)/, '')}.${fen.padEnd(2, '0')}`;
};

const buy = route({
  method: 'POST',
  path: '/accounts/:account/packs',
  scope: 'operate',
  tag: 'Packs',
  what: 'Buy packs',
  needsKey: true,
  params: shape.ofAccount,
  query: shape.nothing,
  body: commandSchemas['buy-packs'],
  answers: { 201: { what: 'bought', schema: z.object({ packs: z.array(shape.boughtPack) }) } },
  example: {
    path: '/accounts/acme/packs',
    body: { pool: 'face-recognition/compare', size: 1_000_000, quantity: 1 },
    status: 201,
  },
  command: async (api, call, run) => {
    const command = { name: 'buy-packs', body: call.body } as const;
    const ran = await run(api, call, call.params.account, 'POST /packs', command);
    const packs = ran.events.flatMap(({ type, at, data }) =>
      type === 'PackPurchased'
        ? data.packs.map((pack) => ({
            pack,
            pool: data.pool,
            size: data.size,
            price: data.price,
            purchasedAt: instantText(at),
            expiresAt: data.expiresAt,
          }))
        : [],
    );
    return created(ran, { packs });
  },
});

const packs = route({
  method: 'GET',
  path: '/accounts/:account/packs',
  scope: 'read',
  tag: 'Packs',
  what: 'Packs, in the order of their purchase; also as they were',
  params: shape.ofAccount,
  query: shape.paged.extend(shape.asOf.shape),
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(shape.pack) } },
  example: { path: '/accounts/acme/packs', status: 200 },
  handle: async (api, { params, query }) => {
    const { account, now } = await accountThen(api, params.account, query);
    const { items, next } = pageOf(account.packs, query);
    return { status: 200, body: { items: items.map((pack) => packView(pack, now)), next } };
  },
});

const contract = z
  .object({
    meter: z.string(),
    from: shape.month,
    until: shape.month.nullable(),
    ladder: shape.ladder,
  })
  .meta({ id: 'ContractPrice' });
const agree = route({
  method: 'POST',
  path: '/accounts/:account/contract-prices',
  scope: 'operate',
  tag: 'Packs',
  what: 'Agree a price for a meter from a month on',
  idempotent: true,
  params: shape.ofAccount,
  query: shape.nothing,
  body: commandSchemas['agree-price'],
  answers: {
    201: { what: 'agreed', schema: contract },
    200: { what: 'was agreed before', schema: contract },
  },
  example: {
    path: '/accounts/acme/contract-prices',
    body: {
      meter: 'face-recognition/compare',
      from: '2019-03',
      ladder: {
        mode: 'volume',
        tierBy: 'post_paid',
        bounds: 'upper',
        per: 1,
        tiers: [{ above: 0, upTo: null, unitPrice: '0.0025' }],
      },
    },
    status: 201,
  },
  command: async (api, call, run) => {
    const { meter, from, until, ladder } = call.body;
    const command = { name: 'agree-price', body: call.body } as const;
    const ran = await run(api, call, call.params.account, 'POST /contract-prices', command);
    return created(ran, { meter, from, until: until ?? null, ladder });
  },
});

const allowance = z
  .object({
    pool: z.string(),
    granted: shape.count,
    used: shape.count,
    left: shape.count,
  })
  .meta({ id: 'Allowance' });
const allowances = route({
  method: 'GET',
  path: '/accounts/:account/allowances',
  scope: 'read',
  tag: 'Packs',
  what: 'Free calls of a month (default: this one) for every pool of the activated products',
  params: shape.ofAccount,
  query: z.object({ month: shape.month.optional(), after: shape.after }),
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(allowance) } },
  example: { path: '/accounts/acme/allowances?month=2019-01', status: 200 },
  handle: async (api, { params, query }) => {
    const { account, now } = await accountThen(api, params.account, { after: query.after });
    const { calendar } = api.ledger;
    const month = query.month ?? calendar.monthOf(now);
    const items = Object.keys(account.services)
      .sort()
      .flatMap((product) => {
        const book = inForce(api.ledger.catalogue(), product, month)?.book;
        return (book?.pools ?? []).map((pool) => {
          const grant = book ? granted(account, calendar, book, month) : 0;
          const group = account.months[month]?.groups[groupKey(pool.id, pool.meter)];
          return { pool: pool.id, granted: grant, used: group?.free ?? 0, left: freeLeft(group, grant) };
        });
      });
    return { status: 200, body: { items, next: null } };
  },
});

export const fundRoutes: readonly Route[] = [deposit, credit, buy, packs, agree, allowances];
