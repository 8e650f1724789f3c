/** Packs: buying, returning and listing. */
import * as z from 'zod';
import { instantText } from '../../domain/calendar.ts';
import { byDeduction } from '../../domain/pack-queue.ts';
import { packState } from '../../domain/pack-state.ts';
import { commandSchemas } from '../../input/commands.ts';
import { packView, packViewNow } from '../../ledger/queries/account-view.ts';
import { created } from '../http/commands/run-command.ts';
import { pageOf } from '../http/reads/paging.ts';
import { accountThen } from '../http/reads/point-in-time.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

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

const back = route({
  method: 'POST',
  path: '/accounts/:account/packs/:pack/return',
  scope: 'operate',
  tag: 'Packs',
  what: 'Return an unused pack for its price, where its edition permits it; again answers the same',
  idempotent: true,
  params: shape.ofAccount.extend(commandSchemas['return-pack'].shape),
  query: shape.nothing,
  body: null,
  answers: {
    201: { what: 'returned', schema: shape.pack },
    200: { what: 'was returned before', schema: shape.pack },
  },
  example: { path: '/accounts/acme/packs/pack-000001/return', status: 409 },
  command: async (api, call, run) => {
    const { account: id, pack } = call.params;
    const ran = await run(api, call, id, 'POST /return', { name: 'return-pack', body: { pack } });
    const { account, now } = await accountThen(api, id, {});
    const held = account.packs.find((one) => one.pack === pack);
    if (!held) throw new Error(`${pack} is returned, but ${id} does not hold it`);
    const returned = ran.events.find(({ type }) => type === 'PackReturned');
    // A dry run changed nothing yet.
    const shown = returned ? { ...held, left: 0, void: true, returned: returned.at } : held;
    return created(ran, packView(shown, now));
  },
});

const packs = route({
  method: 'GET',
  path: '/accounts/:account/packs',
  scope: 'read',
  tag: 'Packs',
  what: 'Packs, in the order of their purchase, the usable ones alone in the order of deduction; also as they were',
  params: shape.ofAccount,
  query: shape.paged.extend({
    ...shape.asOf.shape,
    state: shape.pack.shape.state.optional().describe('only packs in this state'),
  }),
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(shape.pack) } },
  example: { path: '/accounts/acme/packs', status: 200 },
  handle: async (api, { params, query }) => {
    const { account, now } = await accountThen(api, params.account, query);
    const wanted = account.packs.filter(
      (pack) => query.state === undefined || packState(pack, now) === query.state,
    );
    const ordered = query.state === 'usable' ? wanted.toSorted(byDeduction) : wanted;
    const { items, next } = pageOf(ordered, query);
    const context = { calendar: api.ledger.calendar, catalogue: api.ledger.catalogue() };
    return { status: 200, body: { items: items.map((pack) => packViewNow(pack, now, context)), next } };
  },
});

export const packRoutes: readonly Route[] = [buy, back, packs];
