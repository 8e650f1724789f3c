/** The stored form of an account, in a close and in a snapshot. */
import * as z from 'zod';
import type { Account } from '../domain/account.ts';
import { lotsOf, storedLots } from './pack-lots.ts';
import { count, decimal, disputeOutcome, money, month } from './stored-bill.ts';

const instant = z.int();

export const storedLadder = z.object({
  mode: z.enum(['volume', 'graduated']),
  tierBy: z.enum(['post_paid', 'post_paid_and_free', 'metered']),
  bounds: z.enum(['upper', 'lower']),
  per: z.int().min(1),
  tiers: z.array(z.object({ above: count, upTo: count.nullable(), unitPrice: z.string().nullable() })),
});

const agreed = { product: z.string(), meter: z.string(), from: month, until: month.nullable() };
export const contractOfLadder = z.object({ ...agreed, ladder: storedLadder });
export const contractOfDiscount = z.object({ ...agreed, discount: decimal });
export const storedLimits = {
  spend: money.nullable(),
  notifyAt: z.array(decimal),
  lowBalance: money.nullable(),
};

const run = z.union([z.tuple([z.string(), count]), z.tuple([z.string(), count, count])]);
/** Where units are counted, and by payer: of a group, and of what changes one. */
export const storedCounted = {
  product: z.string(),
  meter: z.string(),
  pool: z.string().nullable(),
  shared: z.literal(true).exactOptional(),
  day: z.string().exactOptional(),
  free: count,
  postPaid: count,
  waived: count.exactOptional(),
  runs: z.array(run),
  freeRuns: z.array(z.tuple([count, count])).exactOptional(),
  points: count.exactOptional(),
};
export const suspensionReason = z.enum(['arrears', 'freeze_failed', 'prohibited']);

const group = z.object(storedCounted);
const interval = { since: instant, until: instant.nullable() };

const closed = z.object({
  ratingVersion: z.string(),
  editions: z.record(z.string(), z.string()),
  billed: z.record(z.string(), z.object({ calls: count, amount: money })),
  changes: z.record(z.string(), z.array(z.string())),
});

export const storedAccount = z.object({
  account: z.string(),
  openedAt: instant,
  clock: instant,
  commandAt: instant,
  total: money,
  frozen: money,
  services: z.record(z.string(), instant),
  postPaidOff: z.record(z.string(), z.array(z.object(interval))).exactOptional(),
  packs: storedLots,
  contracts: z.array(z.union([contractOfLadder, contractOfDiscount])),
  months: z.record(
    z.string(),
    z.object({
      groups: z.record(z.string(), group),
      closed: closed.nullable(),
      uncharged: count.exactOptional(),
    }),
  ),
  lastClosed: month.nullable(),
  suspensions: z.array(z.object({ reason: suspensionReason, ...interval })),
  arrearsDueAt: instant.nullable(),
  pendingFreeze: z.object({ month, amount: money }).nullable(),
  credits: z.array(z.object({ amount: money, reason: z.string() })),
  told: z.record(
    z.string(),
    z.object({ low: z.boolean(), exhausted: z.boolean(), dueAt: instant.nullable() }),
  ),
  unpriced: z.array(z.string()),
  disputes: z.array(
    z.object({
      dispute: z.string(),
      month,
      meter: z.string().nullable(),
      reason: z.string(),
      openedAt: instant,
      resolved: z
        .object({ outcome: disputeOutcome, at: instant, note: z.string(), credit: z.string().nullable() })
        .nullable(),
    }),
  ),
  disputesOpened: count,
  rules: count.exactOptional(),
  raised: count.exactOptional(),
  limits: z
    .object({
      ...storedLimits,
      told: z.object({ month, shares: z.array(z.string()) }).nullable(),
    })
    .exactOptional(),
}) satisfies z.ZodType<Account>;

/** The JSON that `storedAccount` parses. */
export const accountToStore = (account: Account) => ({ ...account, packs: lotsOf(account.packs) });
