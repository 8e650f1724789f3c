/** The shapes of interface.md as schemas: answers, and parameters shared by many routes. */
import * as z from 'zod';
import { SCOPES } from '../../access/events.ts';
import { storedLadder } from '../../codec/stored-account.ts';
import { storedBill } from '../../codec/stored-bill.ts';
import { boundedList } from '../../input/bounded-list.ts';
import { accountId, monthText } from '../../input/commands.ts';
import { instantFromText } from '../../input/instant-text.ts';
import { valueTexts } from '../../input/same-content.ts';
import { PROBLEM_CODES } from '../http/problems/problem.ts';

export const money = z
  .string()
  .regex(/^-?\d+\.\d\d$/)
  .describe('yuan, two places');
export const instant = z.iso.datetime({ offset: true });
export const count = z.int();
export const month = monthText.describe('YYYY-MM in the billing zone');
export const nothing = z.object({});
export const bill = storedBill.meta({ id: 'Bill', description: 'An issued bill.' });
/** A correction, like a line, may have no price yet. */
const draftCorrection = storedBill.shape.corrections.element.extend({
  amount: money.nullable(),
  unpriced: z.object({ code: z.literal('price_not_agreed'), quantity: count }).exactOptional(),
});
export const draft = storedBill
  .omit({ digest: true })
  .extend({ corrections: z.array(draftCorrection) })
  .meta({ id: 'Draft', description: 'A bill as it would be now.' });
export const ladder = storedLadder.meta({ id: 'Ladder' });

export const ofAccount = z.object({ account: accountId });
export const ofBill = z.object({ account: accountId, month });

export const instantText = z
  .string()
  .refine((text) => instantFromText(text) !== null, 'an RFC 3339 instant with an offset')
  .register(valueTexts, { as: 'instant' });

/** In a query a plus that was not escaped arrives as a space. */
export const queryInstant = z
  .string()
  .overwrite((text) => text.replace(' ', '+'))
  .refine((text) => instantFromText(text) !== null, 'an RFC 3339 instant with an offset');

const LIMIT_MAX = 1_000;
export const LIMIT = 100;
/** Numeric query parameters with their bounds, for the OpenAPI document, where they are integers. */
export const queryNumbers = z.registry<{ readonly minimum: number; readonly maximum: number }>();
/** An integer in a query: digits only. */
export const queryNumber = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'a whole number, in digits')
    .transform(Number)
    .pipe(z.int().min(minimum).max(maximum))
    .register(queryNumbers, { minimum, maximum });
export const NUMBER_MAX = 999_999_999_999_999;
const limit = queryNumber(1, LIMIT_MAX).default(LIMIT);
export const position = z.string().regex(/^\d{1,20}$/, 'a Ledger-Position');
export const after = position.optional().describe('a Ledger-Position that the answer must have seen');
export const reading = z.object({ after });
export const paged = z.object({ limit, cursor: z.string().max(500).optional(), after });
export const asOf = z.object({
  after,
  asOf: queryInstant.optional().describe('how it stood at this instant'),
  asOfPosition: position.optional().describe('what the ledger knew at this position'),
});

export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() });

export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(PROBLEM_CODES as [string, ...string[]]),
  })
  .meta({ id: 'Problem' });

export const account = z
  .object({
    account: accountId,
    name: z.string(),
    openedAt: instant,
    status: z.enum(['active', 'suspended']),
    suspensions: z.array(z.object({ reason: z.string(), since: instant })),
    balance: z.object({ total: money, available: money, frozen: money }),
    services: z.array(z.string()),
    postPaidOff: z
      .array(z.string())
      .optional()
      .describe(
        'services of which what neither free units nor packs pay is waived; only where there are any',
      ),
  })
  .meta({ id: 'Account' });

export const boughtPack = z
  .object({
    pack: z.string(),
    pool: z.string(),
    size: count,
    price: money,
    purchasedAt: instant,
    expiresAt: instant,
  })
  .meta({ id: 'BoughtPack' });
export const pack = boughtPack
  .extend({
    remaining: count,
    forfeited: count,
    state: z.enum(['usable', 'used_up', 'expired', 'void', 'returned']),
    granted: z.literal(true).optional().describe('given at the first activation, not bought'),
    returnedAt: instant.optional(),
    returnableUntil: instant.optional().describe('where it can be returned for its price; of the list alone'),
  })
  .meta({ id: 'Pack' });

export const edition = z
  .object({
    product: z.string(),
    edition: z.string(),
    effectiveFrom: z.string(),
    digest: z.string(),
  })
  .meta({ id: 'Edition' });

const scope = z.enum(SCOPES);
export const key = z
  .object({
    key: z.string(),
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(scope),
    accounts: z.array(accountId).nullable(),
    createdAt: instant,
    expiresAt: instant.nullable(),
    revokedAt: instant.nullable(),
    lastUsedAt: instant.nullable(),
  })
  .meta({ id: 'Key' });

export const ledgerEvent = z
  .object({
    position: z.string(),
    stream: z.string(),
    revision: count,
    type: z.string(),
    at: instant,
    recordedAt: instant,
    data: z.record(z.string(), z.unknown()),
    hash: z.string(),
    previous: z.string(),
  })
  .meta({ id: 'SealedEvent' });

export const job = z
  .object({
    job: z.string(),
    kind: z.literal('close-month'),
    month,
    state: z.enum(['running', 'done']),
    startedAt: instant,
    closed: count,
    refused: z.array(z.object({ account: z.string(), code: z.string(), detail: z.string() })),
  })
  .meta({ id: 'Job' });

/** Accounts that a key or a webhook is bound to; null: all. */
export const boundTo = boundedList(accountId, 1, 1_000).nullable().default(null);

/** What is counted, as the price book names it. */
export const unit = z.object({ zh: z.string(), en: z.string() }).meta({ id: 'Unit' });
