/** The JSON schema of a price book (interface.md, Shapes). Rules beyond its shape are in `price-book-problems.ts`. */
import * as z from 'zod';
import type { BookExample, PriceBook, PriceBookFile } from './price-book.ts';

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const month = z.string().regex(MONTH, 'a month is YYYY-MM');
const id = z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'an id is product/name, lower case');
const name = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
const decimal = z.string().regex(/^\d{1,15}(\.\d{1,15})?$/, 'a price is decimal text, not negative');
const calls = z.int().min(0);
/** Limit on the units that a price is for. */
export const PER_MAX = 1_000_000_000;
/** Limits on an interface with measures: its measures, its totals, its classes, and the values of one attribute. */
const MEASURES_MAX = 16;
const CLASSES_MAX = 64;
const ATTRIBUTE_VALUES_MAX = 64;
const WEIGHT_MAX = 1_000_000;
/** Limit on the bytes of a value of an attribute or a tag. */
export const VALUE_BYTES_MAX = 64;

const utf8 = new TextEncoder();
const attributeValue = z
  .string()
  .min(1)
  .refine((text) => utf8.encode(text).length <= VALUE_BYTES_MAX, `must have 1 to ${VALUE_BYTES_MAX} bytes`);

const tier = z.strictObject({ above: calls, upTo: calls.nullable(), unitPrice: decimal.nullable() });
const ladder = z.strictObject({
  mode: z.enum(['volume', 'graduated']),
  tierBy: z.enum(['post_paid', 'post_paid_and_free', 'metered']),
  bounds: z.enum(['upper', 'lower']),
  per: z.int().min(1).max(PER_MAX),
  tiers: z.array(tier).min(1),
});
const offered = { id, name, category: name.exactOptional() };
const counted = z.strictObject({
  ...offered,
  unit: name.exactOptional(),
  pool: id.nullable(),
  meter: id.nullable(),
  counts: z.enum(['calls', 'recognised']),
});

/** Names of measures, totals and attributes. A program that keys an object by them must not reach its prototype. */
const word = z
  .string()
  .regex(/^(?!__proto__$)[a-z0-9_]{1,32}$/, 'must be 1 to 32 of a-z 0-9 _ (and not __proto__)');
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time is HH:MM');
const measure = z.strictObject({ id: word, name, unit: name });
const total = z.strictObject({ id: word, of: z.array(word).min(1).max(MEASURES_MAX) });
const destination = z.strictObject({
  pool: id.nullable(),
  meter: id.nullable(),
  weight: z.int().min(1).max(WEIGHT_MAX).exactOptional(),
});
const condition = z.strictObject({
  quantities: z
    .array(z.strictObject({ of: word, above: calls, upTo: calls.nullable() }))
    .min(1)
    .max(MEASURES_MAX)
    .exactOptional(),
  time: z
    .strictObject({
      days: z
        .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
        .min(1)
        .max(7)
        .exactOptional(),
      from: time,
      to: time,
    })
    .exactOptional(),
  attributes: z.record(word, z.array(attributeValue).min(1).max(ATTRIBUTE_VALUES_MAX)).exactOptional(),
});
const charges = z.strictObject({
  id: z.string().regex(/^[a-z0-9_-]{1,64}$/, 'must be 1 to 64 of a-z 0-9 _ -'),
  name,
  when: condition.exactOptional(),
  to: z.record(word, destination),
});
const measured = z.strictObject({
  ...offered,
  measures: z.array(measure).min(1).max(MEASURES_MAX),
  totals: z.array(total).max(MEASURES_MAX).exactOptional(),
  charges: z.array(charges).min(1).max(CLASSES_MAX),
});
const interfaceOf = z.union([counted, measured]);
/** Limits on how long a pack lives, on the days within which it may be returned, and on the grants of a book. */
const VALID_MONTHS_MAX = 1_200;
const VALID_DAYS_MAX = 36_500;
const RETURN_DAYS_MAX = 3_650;
const GRANTS_MAX = 100;
const size = z.int().min(1);
const validFor = z.union([
  z.strictObject({ months: z.int().min(1).max(VALID_MONTHS_MAX) }),
  z.strictObject({ days: z.int().min(1).max(VALID_DAYS_MAX) }),
]);
const expires = z.enum(['instant', 'end_of_day']).exactOptional();
const pack = z.strictObject({ size, price: decimal, validFor: validFor.exactOptional(), expires });
const grant = z.strictObject({ pool: id, size, validFor, expires });
const pool = z.strictObject({
  id,
  name,
  meter: id.exactOptional(),
  packs: z.array(pack),
  allowance: z.strictObject({ calls, every: z.enum(['month', 'day']) }).exactOptional(),
  returns: z.strictObject({ withinDays: z.int().min(1).max(RETURN_DAYS_MAX) }).exactOptional(),
});
const meter = z.strictObject({ id, name, freeUntil: month.exactOptional(), ladder });

export const priceBookSchema = z.strictObject({
  product: z.string().regex(/^[a-z0-9-]{1,64}$/, 'a product is lower-case letters, digits and hyphens'),
  edition: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'an edition is 1 to 64 of A-Z a-z 0-9 . _ -'),
  effectiveFrom: month,
  name,
  source: z.string(),
  interfaces: z.array(interfaceOf).min(1),
  pools: z.array(pool),
  meters: z.array(meter),
  allowance: z.strictObject({ calls, grant: z.enum(['pack', 'voucher']), inFirstMonth: z.boolean() }),
  freeze: z
    .strictObject({ rate: decimal, of: z.enum(['list', 'bill']), onFailure: z.enum(['suspend', 'notify']) })
    .nullable(),
  arrears: z.strictObject({ graceDays: z.int().min(0).max(3650) }),
  notices: z
    .strictObject({
      low: z.strictObject({ below: decimal, of: z.enum(['pool', 'last_pack']) }),
      channels: z.array(z.enum(['in_app', 'email', 'sms', 'wechat'])),
      onTheHour: z
        .strictObject({
          from: time,
          to: time,
        })
        .refine(({ from, to }) => from.slice(0, 2) < to.slice(0, 2) || (from <= to && from.endsWith(':00')), {
          message: 'no full hour lies between from and to',
        })
        .exactOptional(),
    })
    .nullable(),
  grants: z.array(grant).max(GRANTS_MAX).exactOptional(),
  postPaid: z.enum(['on', 'off']).exactOptional(),
  notes: z.array(name).exactOptional(),
}) satisfies z.ZodType<PriceBook>;

const money = z.string().regex(/^-?\d{1,40}(\.\d{1,20})?$/, 'an amount is decimal text');
/** Limits on one example: its kinds of packs, its records, and the lines that it expects. */
export const EXAMPLE_MAX = { packs: 20, usage: 100, lines: 100, name: 200 } as const;
const example = z.strictObject({
  name: z.string().min(1).max(EXAMPLE_MAX.name),
  given: z.strictObject({
    packs: z
      .array(z.strictObject({ pool: id, size: calls.min(1), quantity: calls.min(1).exactOptional() }))
      .max(EXAMPLE_MAX.packs)
      .exactOptional(),
    usage: z
      .array(
        z
          .strictObject({
            interface: id,
            calls: calls.exactOptional(),
            quantities: z.record(word, calls).exactOptional(),
            at: z.iso
              .datetime({ offset: true, message: 'an instant is RFC 3339 with an offset' })
              .exactOptional(),
            attributes: z.record(word, attributeValue).exactOptional(),
          })
          .refine(({ calls, quantities }) => (calls === undefined) !== (quantities === undefined), {
            message: 'has either calls or quantities',
          }),
      )
      .max(EXAMPLE_MAX.usage),
    contract: z
      .strictObject({
        meter: id,
        from: month.exactOptional(),
        until: month.nullable().exactOptional(),
        ladder: ladder.exactOptional(),
        discount: decimal.exactOptional(),
      })
      .exactOptional(),
  }),
  expect: z.strictObject({
    total: money.exactOptional(),
    due: money.exactOptional(),
    packsTotal: money.exactOptional(),
    lines: z
      .record(
        id,
        z.strictObject({
          amount: money,
          postPaid: calls.exactOptional(),
          free: calls.exactOptional(),
          packs: calls.exactOptional(),
          waived: calls.exactOptional(),
        }),
      )
      .refine((lines) => Object.keys(lines).length <= EXAMPLE_MAX.lines, {
        message: `has at most ${EXAMPLE_MAX.lines} lines`,
      })
      .exactOptional(),
  }),
}) satisfies z.ZodType<BookExample>;

/** A book with its examples: what a file has, a request sends, and a published edition is shown as. */
export const priceBookFileSchema = priceBookSchema.extend({
  examples: z.array(example).exactOptional(),
}) satisfies z.ZodType<PriceBookFile>;

/** The same as it may be sent: an editor's `$schema` is allowed, and is no part of it. */
export const sentPriceBookSchema = priceBookFileSchema.extend({ $schema: z.string().exactOptional() });

/** Schemas of those list entries of a book that contain no further lists. */
export const entrySchemas = {
  interfaces: interfaceOf,
  packs: pack,
  tiers: tier,
  notes: name,
  examples: example,
};

const entries = z.array(z.unknown());
/** Schemas of a book and of its entries that contain lists, without checking the lists' entries. */
export const withoutEntries = {
  book: sentPriceBookSchema.extend({
    interfaces: entries.min(1),
    pools: entries,
    meters: entries,
    notes: entries.exactOptional(),
    examples: entries.exactOptional(),
  }),
  pools: pool.extend({ packs: entries }),
  meters: meter.extend({ ladder: ladder.extend({ tiers: entries.min(1) }) }),
};
