/** The shapes of finance: months, what made them, packs by pool, money held. */
import * as z from 'zod';
import { REVENUE_KINDS } from '../../projections/revenue.ts';
import * as shape from './common.ts';

/** Sums over all accounts: beyond 2^53 − 1 they are decimal text. */
const wideCount = z.union([shape.count, z.string()]);

const amounts = {
  postPaid: shape.money.describe('lines of the bills of the month'),
  corrections: shape.money.describe('of earlier months, on its bills'),
  packs: z.object({ sold: shape.count, amount: shape.money }).describe('bought in the month'),
};

export const financeMonth = z
  .object({
    month: shape.month,
    isOver: z.boolean(),
    accounts: z.object({
      billed: shape.count,
      unbilled: shape.count.describe('opened by then, and the month is not closed yet'),
      blocked: shape.count.describe('of those: a close waits for a price'),
    }),
    due: shape.money.describe('of the bills: post-paid and corrections'),
    ...amounts,
    credits: z.object({ given: shape.count, amount: shape.money }).describe('given in the month'),
    products: z.array(z.object({ product: z.string(), ...amounts })),
  })
  .meta({ id: 'FinanceMonth' });

export const revenueKind = z.enum(REVENUE_KINDS);
export const financeShare = z
  .object({
    account: z.string(),
    amount: shape.money,
    count: shape.count.describe('bills, lines, packs or credits'),
  })
  .meta({ id: 'FinanceShare' });

export const unbilledAccount = z
  .object({
    account: z.string(),
    next: shape.month.describe('the month to close next'),
    blocked: z
      .object({ month: shape.month, meter: z.string(), quantity: shape.count, since: shape.instant })
      .nullable()
      .describe('the price that its close waits for'),
  })
  .meta({ id: 'UnbilledAccount' });

export const balances = z
  .object({
    accounts: shape.count,
    held: shape.money.describe('balances above zero'),
    owed: shape.money.describe('balances below zero, without their sign'),
    frozen: shape.money,
    inArrears: shape.count.describe('accounts whose balance is below zero'),
    suspended: shape.count,
  })
  .meta({ id: 'Balances' });

const packCounts = {
  product: z.string(),
  packs: shape.count,
  paid: shape.money,
  sold: wideCount.describe('calls of the packs'),
  used: wideCount,
  forfeited: wideCount,
  voided: wideCount,
  unused: wideCount,
};
export const poolOfPacks = z.object({ pool: z.string(), ...packCounts }).meta({ id: 'PoolOfPacks' });
export const packHolding = z.object({ account: z.string(), ...packCounts }).meta({ id: 'PackHolding' });
