/** The JSON schema of a price book (interface.md, Shapes). Rules beyond its shape are in `price-book-problems.ts`. */
import * as z from 'zod';
import type { PriceBook } from './price-book.ts';

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;
const month = z.string().regex(MONTH, 'a month is YYYY-MM');
const id = z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'an id is product/name, lower case');
const name = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
const decimal = z.string().regex(/^\d{1,15}(\.\d{1,15})?$/, 'a price is decimal text, not negative');
const calls = z.int().min(0);

const tier = z.strictObject({ above: calls, upTo: calls.nullable(), unitPrice: decimal.nullable() });
const ladder = z.strictObject({
  mode: z.enum(['volume', 'graduated']),
  tierBy: z.enum(['post_paid', 'post_paid_and_free', 'metered']),
  bounds: z.enum(['upper', 'lower']),
  per: z.union([z.literal(1), z.literal(1000), z.literal(10000)]),
  tiers: z.array(tier).min(1),
});
const interfaceOf = z.strictObject({
  id,
  name,
  category: name.exactOptional(),
  unit: name.exactOptional(),
  pool: id.nullable(),
  meter: id.nullable(),
  counts: z.enum(['calls', 'recognised']),
});
const pack = z.strictObject({ size: z.int().min(1), price: decimal });
const pool = z.strictObject({ id, name, meter: id, packs: z.array(pack) });
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
          from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time is HH:MM'),
          to: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time is HH:MM'),
        })
        .refine(({ from, to }) => from.slice(0, 2) < to.slice(0, 2) || (from <= to && from.endsWith(':00')), {
          message: 'no full hour lies between from and to',
        })
        .exactOptional(),
    })
    .nullable(),
  notes: z.array(name).exactOptional(),
}) satisfies z.ZodType<PriceBook>;

/** Schemas of those list entries of a book that contain no further lists. */
export const entrySchemas = { interfaces: interfaceOf, packs: pack, tiers: tier, notes: name };

const entries = z.array(z.unknown());
/** Schemas of a book and of its entries that contain lists, without checking the lists' entries. */
export const withoutEntries = {
  book: priceBookSchema.extend({
    interfaces: entries.min(1),
    pools: entries,
    meters: entries,
    notes: entries.exactOptional(),
  }),
  pools: pool.extend({ packs: entries }),
  meters: meter.extend({ ladder: ladder.extend({ tiers: entries.min(1) }) }),
};
