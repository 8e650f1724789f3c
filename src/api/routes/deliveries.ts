/** Dead letters: listed and resent. */
import * as z from 'zod';
import type { Resent } from '../../delivery/resend.ts';
import { viewsUnder } from '../../derived/view-rows.ts';
import { DELIVERIES } from '../../eventstore/stream-names.ts';
import { deadLetterRows } from '../../projections/dead-letters.ts';
import type { Call, Reply } from '../http/call.ts';
import { contentOf } from '../http/commands/request-content.ts';
import { alone, keyReused, saidBy, scopedKey } from '../http/commands/run-command.ts';
import { systemEvents } from '../http/commands/would-record.ts';
import { ApiProblem } from '../http/problems/problem.ts';
import { viewsOf } from '../http/reads/consistency.ts';
import { type Route, route } from '../http/route.ts';
import * as shape from '../schemas/common.ts';

const dead = z
  .object({
    delivery: z.string(),
    attempts: shape.count,
    error: z.string().nullable(),
    at: shape.instant,
  })
  .meta({ id: 'DeadDelivery' });
const PREFIX = 'dead/';

const deadLetters = route({
  method: 'GET',
  path: '/deliveries/dead',
  scope: 'operate',
  tag: 'Webhooks',
  what: 'Deliveries that were given up',
  params: shape.nothing,
  query: shape.paged,
  body: null,
  answers: { 200: { what: 'a page', schema: shape.page(dead) } },
  example: { path: '/deliveries/dead', status: 200 },
  handle: async (api, { query }) => {
    const views = await viewsOf(api, query.after);
    const after = query.cursor === undefined ? null : `${PREFIX}${query.cursor}`;
    const rows = viewsUnder(views, deadLetterRows, PREFIX, after, query.limit + 1);
    const items = rows.slice(0, query.limit).map(({ value }) => value);
    const next = rows.length > items.length ? (items.at(-1)?.delivery ?? null) : null;
    return { status: 200, body: { items, next } };
  },
});

const deadDelivery = z.strictObject({ delivery: z.string().min(1).max(300) });
const resend = route({
  method: 'POST',
  path: '/deliveries/resend',
  scope: 'operate',
  tag: 'Webhooks',
  what: 'Try a dead delivery again',
  idempotent: true,
  params: shape.nothing,
  query: shape.nothing,
  body: deadDelivery,
  answers: { 202: { what: 'will be tried', schema: z.object({ delivery: z.string() }) } },
  example: { path: '/deliveries/resend', body: { delivery: 'none' }, status: 404 },
  handle: async (api, call) => {
    const mark = resendMark(call);
    const resent = await alone(api, mark?.key ?? null, async () =>
      api.delivery?.resend(call.body.delivery, mark),
    );
    return resendReply(call, resent);
  },
  tryOut: async (api, call) => {
    const may = await api.delivery?.mayResend(call.body.delivery, resendMark(call));
    const reply = resendReply(call, may);
    if (may === 'repeated') return { ...reply, wouldRecord: [] };
    const resent = ['DeliveryResent', call.body] as const;
    return { ...reply, wouldRecord: await systemEvents(api, DELIVERIES, api.realNow(), resent) };
  },
});

type ResendCall = Pick<Call<unknown, unknown, z.infer<typeof deadDelivery>>, 'key' | 'headers' | 'body'>;

const resendMark = ({ key, headers, body }: ResendCall) => {
  const { idempotencyKey } = saidBy(headers);
  if (idempotencyKey === null) return null;
  return {
    key: scopedKey(key.key, 'POST /deliveries/resend', idempotencyKey),
    hash: contentOf(deadDelivery, body).hash,
  };
};

const resendReply = ({ body, headers }: ResendCall, resent: Resent | undefined): Reply => {
  if (resent === 'reused') return keyReused(saidBy(headers).idempotencyKey);
  if (resent === undefined || resent === 'unknown')
    throw new ApiProblem('delivery_unknown', `no delivery ${body.delivery} was given up`, body);
  return { status: 202, body, headers: resent === 'repeated' ? { 'Idempotency-Hit': 'true' } : {} };
};

export const deliveryRoutes: readonly Route[] = [deadLetters, resend];
