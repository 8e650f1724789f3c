/** Money of an account: deposits and credits. */
import * as z from 'zod';
import { commandSchemas } from '../../input/commands.ts';
import { created } from '../http/commands/run-command.ts';
import { type Route, route } from '../http/route.ts';
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

export const fundRoutes: readonly Route[] = [deposit, credit];
