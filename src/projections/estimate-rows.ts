/** The rows of the projection of estimates: see `estimates.ts`. */
import * as z from 'zod';
import { type BooksView, type BookView, booksView, bookView } from './known-books.ts';

const dayView = z.strictObject({
  calls: z.union([z.int(), z.string()]),
  amount: z.string(),
});
const productView = z.strictObject({
  /** Exact: a number up to 2^53 − 1, decimal text beyond. */
  calls: z.union([z.int(), z.string()]),
  amount: z.string(),
  /** Meters of accounts without a price; the amount is without them. */
  unpriced: z.int(),
  /** What was recorded on each day of the month; `later`: after it. They add up. */
  days: z.record(z.string(), dayView),
});
const monthView = z.strictObject({ products: z.record(z.string(), productView) });
export type EstimateMonth = Readonly<z.infer<typeof monthView>>;
export type EstimatedProduct = EstimateMonth['products'][string];

const ladder = z.strictObject({
  mode: z.enum(['volume', 'graduated']),
  tierBy: z.enum(['post_paid', 'post_paid_and_free', 'metered']),
  bounds: z.enum(['upper', 'lower']),
  per: z.int().min(1),
  tiers: z.array(
    z.strictObject({ above: z.int(), upTo: z.int().nullable(), unitPrice: z.string().nullable() }),
  ),
});
const agreed = {
  product: z.string(),
  meter: z.string(),
  from: z.string(),
  until: z.string().nullable(),
};
const accountView = z.strictObject({
  lastClosed: z.string().nullable(),
  contracts: z.array(
    z.union([z.strictObject({ ...agreed, ladder }), z.strictObject({ ...agreed, discount: z.string() })]),
  ),
  /** Months that are open and have calls. */
  open: z.array(z.string()),
});
export type EstimatedAccount = Readonly<z.infer<typeof accountView>>;

const openView = z.strictObject({
  groups: z.record(
    z.string(),
    z.strictObject({
      product: z.string(),
      meter: z.string(),
      free: z.int(),
      packs: z.int(),
      postPaid: z.int(),
      waived: z.int().exactOptional(),
    }),
  ),
  /** By meter, as far as they are in the month's sums; null: without a price. */
  amounts: z.record(z.string(), z.string().nullable()),
});
export type OpenMonth = Readonly<z.infer<typeof openView>>;

/** Rows under `month/`. */
export const estimateMonths = { name: 'estimates', schema: monthView };
export const LATER = 'later';

/** Of every kind. */
export type EstimateRow = EstimateMonth | EstimatedAccount | OpenMonth | BooksView | BookView;
export const estimateRow: z.ZodType<EstimateRow> = z.union([
  monthView,
  accountView,
  openView,
  booksView,
  bookView,
]);
