/** The schema of a stored bill. What its fields mean is in `domain/bill.ts`. */
import * as z from 'zod';
import type { Bill } from '../domain/bill.ts';

export const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'a month is YYYY-MM');
export const money = z.string().regex(/^-?\d+\.\d\d$/, 'money is decimal text with two places');
export const decimal = z.string().regex(/^-?\d+(\.\d+)?$/, 'a decimal is digits with an optional fraction');
export const count = z.int();
export const disputeOutcome = z.enum(['upheld', 'adjusted']);
const name = z.object({ zh: z.string(), en: z.string() });

const line = z.object({
  product: z.string(),
  meter: z.string(),
  name,
  metered: count,
  free: count,
  packs: count,
  postPaid: count,
  waived: count.exactOptional(),
  unit: name.exactOptional(),
  tier: z.object({ above: count, upTo: count.nullable() }).nullable(),
  unitPrice: decimal.nullable(),
  discount: decimal.exactOptional(),
  bands: z
    .array(
      z.object({
        above: count,
        upTo: count.nullable(),
        quantity: count,
        unitPrice: decimal.nullable(),
        amount: decimal,
      }),
    )
    .exactOptional(),
  exact: decimal.nullable(),
  voucher: money.nullable(),
  amount: money.nullable(),
  formula: z.string(),
  unpriced: z.object({ code: z.literal('price_not_agreed'), quantity: count }).exactOptional(),
});

const pack = z.object({ pack: z.string(), pool: z.string(), size: count, price: money });

export const storedBill = z.object({
  account: z.string(),
  month,
  status: z.enum(['issued', 'draft']),
  currency: z.literal('CNY'),
  issuedAt: z.string(),
  lines: z.array(line),
  packPurchases: z.array(pack),
  packReturns: z.array(pack).exactOptional(),
  corrections: z.array(
    z.object({
      month,
      product: z.string(),
      meter: z.string(),
      calls: count,
      amount: money,
      reason: z.string(),
    }),
  ),
  credits: z.array(z.object({ amount: money, reason: z.string() })),
  disputes: z
    .array(
      z.object({
        dispute: z.string(),
        month,
        meter: z.string().nullable(),
        reason: z.string(),
        openedAt: z.string(),
        state: z.enum(['open', ...disputeOutcome.options]),
        resolvedAt: z.string().nullable(),
        note: z.string().nullable(),
        credit: z.string().nullable(),
      }),
    )
    .exactOptional(),
  due: money.nullable(),
  packsTotal: money,
  total: money.nullable(),
  unfrozen: money,
  frozen: z.object({
    total: money.nullable(),
    byProduct: z.array(z.object({ product: z.string(), amount: money, basis: z.string() })),
  }),
  priceBooks: z.array(z.object({ product: z.string(), edition: z.string(), digest: z.string() })),
  ratingVersion: z.string(),
  events: z.object({ stream: z.string(), from: count, to: count, head: z.string() }),
  digest: z.string(),
}) satisfies z.ZodType<Bill>;
