/** The payloads of webhooks, by type: events of an account, notices, and signed checkpoints. */
import * as z from 'zod';
import { storedEvents } from '../../codec/stored-events.ts';
import { CHECKPOINT_TYPE, TEST_TYPE, WEBHOOK_EVENTS, WEBHOOK_TYPES } from '../../delivery/webhooks.ts';
import * as shape from '../schemas/common.ts';

const place = {
  account: shape.account.shape.account,
  event: shape.count.describe('revision of the event in its account'),
};

/** A summary of an issued bill: its amounts and its link. */
const issued = z.object({
  month: shape.month,
  due: shape.money,
  total: shape.money,
  packsTotal: shape.money,
  issuedAt: shape.instant,
  digest: z.string(),
  bill: z.string().describe('its path'),
});

const text = z.string().nullable();
const notice = z.object({
  ...place,
  id: z.string(),
  kind: z.string(),
  channels: z.array(z.string()),
  about: z.record(z.string(), z.union([z.string(), z.number()])),
  contacts: z.object({ email: text, phone: text, wechat: text }).nullable(),
});

const payload = (type: string, data: z.ZodType) =>
  z.object({ type: z.literal(type), timestamp: shape.instant, data });

const events = Object.entries(WEBHOOK_EVENTS).map(([event, type]) => {
  const own = event === 'MonthClosed' ? issued : storedEvents[event as keyof typeof WEBHOOK_EVENTS];
  return [type, payload(type, z.object({ ...place, ...(own as z.ZodObject).shape }))] as const;
});
const notices = WEBHOOK_TYPES.filter((type) => type.startsWith('notice.') && !type.endsWith('*')).map(
  (type) => [type, payload(type, notice)] as const,
);
const checkpoint = payload(
  CHECKPOINT_TYPE,
  z.object({ size: shape.count, root: z.string(), key: z.string(), note: z.string() }),
);

/** `bill.issued` as `BillIssuedPayload`. */
const nameOf = (type: string): string =>
  `${type
    .split(/[._]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}Payload`;

/** The payload of a test delivery. */
export const WEBHOOK_TEST = payload(
  TEST_TYPE,
  z.object({ webhook: z.string(), test: z.literal(true), message: z.string() }),
).meta({ id: nameOf(TEST_TYPE) });

/** The schema of the payload of every webhook type. */
export const WEBHOOK_PAYLOADS: ReadonlyMap<string, z.ZodType> = new Map([
  ...[...events, ...notices, [CHECKPOINT_TYPE, checkpoint] as const].map(
    ([type, schema]) => [type, schema.meta({ id: nameOf(type) })] as const,
  ),
  [TEST_TYPE, WEBHOOK_TEST] as const,
]);
