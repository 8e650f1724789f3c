/** What is counted, in English sentences: the unit that the price book names, else calls. */

import type { Month } from './calendar.ts';
import { type Catalogue, indexOf, inForce } from './catalogue.ts';
import type { Name } from './price-book.ts';

const CALL: Name = { zh: '次', en: 'call' };

/** One of a unit: `call`, `second`. */
export const oneOf = (unit: Name | undefined): string => (unit ?? CALL).en;

/** Several of a unit: `calls`, `seconds`, `queries`; calls where the book names no unit. */
export const severalOf = (unit: Name | undefined): string => {
  const en = oneOf(unit);
  if (/[^aeiou]y$/i.test(en)) return `${en.slice(0, -1)}ies`;
  if (/(?:ch|sh|x|z)$/i.test(en)) return `${en}es`;
  return /[a-rt-z]$/i.test(en) ? `${en}s` : en;
};

/** What a unit price is for: `a call`, `per second`, `per 1000 tokens`. */
export const priceFor = (unit: Name | undefined, per: number): string => {
  if (per !== 1) return `per ${per} ${severalOf(unit)}`;
  return oneOf(unit) === CALL.en ? 'a call' : `per ${oneOf(unit)}`;
};

/** Several of what a meter counts in a month. */
export const severalOfMeter = (
  catalogue: Catalogue,
  { product, meter }: { readonly product: string; readonly meter: string },
  month: Month,
): string => {
  const edition = inForce(catalogue, product, month);
  return severalOf(edition && indexOf(edition.book).units.get(meter));
};
