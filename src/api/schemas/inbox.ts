/** The shapes of the operator's inbox. */
import * as z from 'zod';
import * as shape from './common.ts';

const refusedGroup = z
  .object({
    code: z.string(),
    source: z.string().nullable().describe('as the reports name it; null: none, or counted only'),
    key: z.string().nullable().describe('the key that reported; null: an import'),
    reports: shape.count,
    last: z.object({
      at: shape.instant,
      account: z.string().nullable().describe('null: none that exists'),
      detail: z.string().nullable(),
    }),
  })
  .meta({ id: 'RefusedGroup' });

export const inboxShape = z
  .object({
    isClear: z.boolean().describe('nothing needs anybody'),
    month: shape.month.describe('the billing month of now'),
    months: z
      .array(
        z.object({
          month: shape.month,
          accounts: shape.count.describe('whose next close it is'),
          closesAt: shape.instant.nullable().describe('null: closed by hand'),
          isDue: z.boolean(),
        }),
      )
      .describe('months that are over and not closed'),
    waiting: z
      .array(z.object({ code: z.string(), accounts: shape.count }))
      .describe('closes that were refused, or failed, by code'),
    accounts: z.object({
      needing: shape.count.describe('for any of the reasons'),
      inArrears: shape.count,
      suspended: shape.count,
      freezesFailed: shape.count,
    }),
    deadLetters: shape.count,
    refused: z.object({
      since: z.string().describe('the first day that is counted, in the billing zone'),
      reports: shape.count,
      groups: z.array(refusedGroup).describe('by code, source and key, the most first'),
      others: shape.count.describe('reports of other groups'),
    }),
    quarantined: shape.count.describe('events that cannot be read'),
    lag: z.object({ seconds: z.number(), isLate: z.boolean() }).describe('of the views, at this server'),
    checkpoint: z.object({ signedAt: shape.instant.nullable(), isOld: z.boolean() }),
    backup: z
      .object({ madeAt: shape.instant.nullable(), isOld: z.boolean() })
      .nullable()
      .describe('null where the ledger is on an engine, or in memory'),
  })
  .meta({ id: 'Inbox' });

export const neededAccount = z
  .object({
    account: z.string(),
    total: shape.money,
    frozen: shape.money,
    arrears: z
      .object({ since: shape.instant, suspendsAt: shape.instant.nullable() })
      .nullable()
      .describe('null: the balance is not negative'),
    suspensions: z.array(z.object({ reason: z.string(), since: shape.instant, note: z.string() })),
    freeze: z
      .object({
        month: shape.month,
        amount: shape.money,
        available: shape.money,
        since: shape.instant,
      })
      .nullable()
      .describe('of the last close, where it failed'),
  })
  .meta({ id: 'NeededAccount' });
