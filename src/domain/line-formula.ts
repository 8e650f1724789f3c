/**
 * The arithmetic of a line as a person would write it, in the style of the sources:
 * `(52000000 − 50000000 − 10000) × 0.0032 = 6368`.
 */

import type { Band } from './bill.ts';
import type { Quantities } from './ladder.ts';

/** The post-paid calls: metered calls less those paid by packs and allowance, and those waived. */
const postPaidTerm = ({ metered, packs, free, postPaid, waived = 0 }: Quantities): string => {
  const parts = [metered, packs, free, waived].filter((count, i) => i === 0 || count > 0);
  return parts.length === 1 ? String(postPaid) : `(${parts.join(' − ')})`;
};

/** What one unit costs: the unit price, a discount, and what the price is for. */
export interface Price {
  readonly unitPrice: string;
  readonly discount: string | undefined;
  readonly per: number;
}

const priceText = ({ unitPrice, discount, per }: Price): string =>
  `${unitPrice}${discount === undefined ? '' : ` × ${discount}`}${per === 1 ? '' : ` ÷ ${per}`}`;

/** One price for all post-paid calls. */
export const volumeFormula = (q: Quantities, price: Price, cost: string): string =>
  `${postPaidTerm(q)} × ${priceText(price)} = ${cost}`;

/** All free and post-paid calls at one price, less the voucher for the free ones. */
export const voucherFormula = (q: Quantities, price: Price, cost: string): string => {
  const gross = `${q.free + q.postPaid} × ${priceText(price)}`;
  return q.free === 0 ? `${gross} = ${cost}` : `${gross} − ${q.free} × ${priceText(price)} = ${cost}`;
};

/** Each band at its own price. */
export const graduatedFormula = (
  bands: readonly Band[],
  price: Omit<Price, 'unitPrice'>,
  cost: string,
): string =>
  bands.length === 0
    ? '0'
    : `${bands.map((b) => `${b.quantity} × ${priceText({ ...price, unitPrice: b.unitPrice ?? '?' })}`).join(' + ')} = ${cost}`;

/** For a line to which no price applies: no tier reached, nothing post-paid, or a free month. */
export const freeFormula = (q: Quantities): string =>
  q.postPaid === 0 ? `${postPaidTerm(q)} = 0` : `${postPaidTerm(q)} × 0 = 0`;

/** A product's freeze. */
export const freezeFormula = (basis: string, rate: string, frozen: string): string =>
  `${basis} × ${rate} = ${frozen}`;
