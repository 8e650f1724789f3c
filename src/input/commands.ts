/** The commands of the outside interface, parsed: the fields of the HTTP bodies, by the names that imports use. */
import * as z from 'zod';
import type { Ladder } from '../domain/price-book.ts';
import { PER_MAX } from '../domain/price-book-schema.ts';
import { boundedList } from './bounded-list.ts';
import { type InputProblem, inputProblem } from './input-problem.ts';
import { valueTexts } from './same-content.ts';
import { ACCOUNT_ID, ACCOUNT_RULE } from './usage-event.ts';

export const accountId = z.string().regex(ACCOUNT_ID, `an account id is ${ACCOUNT_RULE}`);
/** The month after, and ten years of grace, still have four digits. */
export const MONTH = /^(?!0000|999)\d{4}-(0[1-9]|1[0-2])$/;
export const monthText = z.string().regex(MONTH, 'a month is YYYY-MM, in the years 1 to 9989');
const positiveMoney = z
  .string('an amount is decimal text in yuan, such as "12.50"')
  .regex(/^\d+(\.\d{1,2})?$/, 'an amount is decimal text in yuan with at most two places, such as "12.50"')
  .regex(/^\d{1,15}(\.|$)/, 'an amount has at most 15 digits before the point')
  .refine((text) => /[1-9]/.test(text), 'must be above zero')
  .register(valueTexts, { as: 'amount' });
const limitMoney = z
  .string('an amount is decimal text in yuan, such as "100.00"')
  .regex(
    /^\d{1,15}(\.\d{1,2})?$/,
    'an amount is decimal text in yuan with at most two places, such as "100.00"',
  )
  .register(valueTexts, { as: 'amount' });
const share = z
  .string('a share is decimal text, such as "0.8"')
  .regex(/^\d{1,2}(\.\d{1,4})?$/, 'a share is decimal text with at most four places, such as "0.8"')
  .refine((value) => /[1-9]/.test(value), 'must be above zero')
  .register(valueTexts, { as: 'decimal' });
/** Shares of a spending limit that are notified. */
const SHARES_MAX = 10;
const text = z.string().min(1).max(500);
export const identity = z.string().min(1).max(200);
/**
 * An integer of any size. The ledger knows how large a count may be, and refuses more as `quantity_too_large`, where
 * `z.int()` would call 2^53 malformed.
 */
const count = (least: number) =>
  z.number().min(least).refine(Number.isInteger, 'must be an integer').meta({ type: 'integer' });
/** A field that may be left out or null, which is the same: then it has a default. */
export const orElse = <Schema extends z.ZodType>(schema: Schema, value: z.output<Schema>) =>
  schema
    .nullish()
    .transform((given): z.output<Schema> => given ?? value)
    .meta({ default: value });
/** Who, as an id. */
const by = z.string().min(1).max(64).nullish();

const tier = z.strictObject({
  above: z.int().min(0),
  upTo: z.int().min(0).nullable(),
  unitPrice: z
    .string()
    .regex(
      /^\d{1,15}(\.\d{1,15})?$/,
      'a unit price is decimal text in yuan, with at most 15 digits before the point and 15 after',
    )
    .register(valueTexts, { as: 'decimal' })
    .nullable(),
});
const ladder = z
  .strictObject({
    mode: z.enum(['volume', 'graduated']),
    tierBy: z.enum(['post_paid', 'post_paid_and_free', 'metered']),
    bounds: z.enum(['upper', 'lower']),
    per: z.int().min(1).max(PER_MAX),
    // More tiers than a ladder may have (`ladder_malformed`), but few enough to parse cheaply.
    tiers: boundedList(tier, 1, 10_000),
  })
  .meta({ id: 'ContractLadder' }) satisfies z.ZodType<Ladder>;

const discount = z
  .string()
  .regex(/^\d(\.\d{1,15})?$/, 'a discount is a factor above 0 and up to 1, with at most 15 places: "0.85"')
  .register(valueTexts, { as: 'decimal' })
  .meta({ description: 'in place of a ladder: the factor that the list’s prices are multiplied by' });

/** The counts that a record should have: calls, or quantities by measure. */
export const correctedCounts = {
  calls: count(0).nullish(),
  quantities: z
    .record(
      z.string().regex(/^(?!__proto__$)[a-z0-9_]{1,32}$/, 'a measure is 1 to 32 of a-z 0-9 _'),
      count(0),
    )
    .nullish()
    .describe('by measure, in place of calls; one that is not named is 0'),
};
/** Exactly one of the two. */
export const hasOneCount = ({
  calls,
  quantities,
}: {
  readonly calls?: unknown;
  readonly quantities?: unknown;
}) => ((calls ?? null) === null) !== ((quantities ?? null) === null);
export const ONE_COUNT = 'must have calls or quantities: one of them';

export const commandSchemas = {
  'open-account': z.strictObject({ name: orElse(z.string().max(200), '') }),
  'activate-service': z.strictObject({ product: text }),
  'switch-post-paid': z.strictObject({ product: text, postPaid: z.enum(['on', 'off']) }),
  'set-limits': z.strictObject({
    spend: orElse(limitMoney.nullable(), null),
    notifyAt: orElse(
      boundedList(share, 0, SHARES_MAX).refine(
        (all) => new Set(all.map(Number)).size === all.length,
        'names a share twice',
      ),
      [],
    ),
    lowBalance: orElse(limitMoney.nullable(), null),
  }),
  deposit: z.strictObject({ amount: positiveMoney, reference: text }),
  'buy-packs': z.strictObject({ pool: text, size: count(1), quantity: orElse(count(1).max(1000), 1) }),
  'return-pack': z.strictObject({ pack: z.string().max(100) }),
  'agree-price': z
    .strictObject({
      meter: text,
      from: monthText,
      until: monthText.nullish(),
      ladder: ladder.nullish(),
      discount: discount.nullish(),
    })
    .refine(
      (agreed) => ((agreed.ladder ?? null) === null) !== ((agreed.discount ?? null) === null),
      'must have ladder or discount: one of them',
    ),
  'correct-usage': z
    .strictObject({
      source: identity,
      record: identity,
      ...correctedCounts,
      reason: text,
    })
    .refine(hasOneCount, ONE_COUNT),
  credit: z.strictObject({ amount: positiveMoney, reference: text, reason: text, pack: text.nullish() }),
  suspend: z.strictObject({
    reason: orElse(z.literal('prohibited'), 'prohibited'),
    note: orElse(z.string().max(500), ''),
  }),
  'lift-suspension': z.strictObject({ reason: orElse(z.literal('prohibited'), 'prohibited') }),
  'close-month': z.strictObject({ month: monthText }),
  'open-dispute': z.strictObject({ month: monthText, meter: text.nullish(), reason: text, by }),
  'resolve-dispute': z.strictObject({
    dispute: z.string().max(80),
    outcome: z.enum(['upheld', 'adjusted']),
    note: text,
    by,
    credit: z.strictObject({ amount: positiveMoney, reference: text }).nullish(),
    corrections: orElse(
      boundedList(
        z.strictObject({ source: identity, id: identity, ...correctedCounts }).refine(hasOneCount, ONE_COUNT),
        0,
        1_000,
      ).refine(
        (all) => new Set(all.map(({ source, id }) => JSON.stringify([source, id]))).size === all.length,
        { message: 'names a record twice' },
      ),
      [],
    ),
  }),
} as const;

export type CommandName = keyof typeof commandSchemas;
export type LedgerCommand = {
  [Name in CommandName]: { readonly name: Name; readonly body: z.infer<(typeof commandSchemas)[Name]> };
}[CommandName];

export const isCommandName = (name: string): name is CommandName => Object.hasOwn(commandSchemas, name);

/** Parses a command's body. */
export const parseCommand = (
  name: CommandName,
  body: unknown,
): { ok: true; command: LedgerCommand } | { ok: false; problem: InputProblem } => {
  const result = commandSchemas[name].safeParse(body);
  if (result.success) return { ok: true, command: { name, body: result.data } as LedgerCommand };
  return { ok: false, problem: inputProblem(commandSchemas[name], result.error, body, 'body') };
};
