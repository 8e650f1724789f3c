/**
 * Exact fractions: what a quantity costs at a price per any number of units, which need not end as a decimal
 * (price-books.md, "Units and prices"). Sums and products stay exact; only `roundedTo` and `fractionText` round.
 */

/** `over` ÷ `under`; `under` is above zero. */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

export const NOTHING: Fraction = { over: 0n, under: 1n };

/** Places of a fraction that does not end as a decimal, where it is shown. */
const PLACES = 20;

/** The fraction of decimal text (`"0.0032"`) or an integer. */
export const fraction = (decimal: string | number): Fraction => {
  const text = String(decimal);
  const point = text.indexOf('.');
  if (point < 0) return { over: BigInt(text), under: 1n };
  const places = text.length - point - 1;
  return simplified(BigInt(text.slice(0, point) + text.slice(point + 1)), 10n ** BigInt(places));
};

/** What a quantity costs at a price per so many units. */
export const costOf = (quantity: number, unitPrice: string, per: number): Fraction => {
  const price = fraction(unitPrice);
  return simplified(BigInt(quantity) * price.over, price.under * BigInt(per));
};

export const added = (a: Fraction, b: Fraction): Fraction =>
  a.under === b.under
    ? { over: a.over + b.over, under: a.under }
    : simplified(a.over * b.under + b.over * a.under, a.under * b.under);

export const multiplied = (a: Fraction, b: Fraction): Fraction =>
  simplified(a.over * b.over, a.under * b.under);

export const isLess = (a: Fraction, b: Fraction): boolean => a.over * b.under < b.over * a.under;

/** Decimal text with so many places, rounded half-up (away from zero at the half). */
export const roundedTo = ({ over, under }: Fraction, places: number): string => {
  const size = over < 0n ? -over : over;
  const units = (2n * size * 10n ** BigInt(places) + under) / (2n * under);
  const digits = String(units).padStart(places + 1, '0');
  const sign = over < 0n && units !== 0n ? '-' : '';
  return places === 0 ? sign + digits : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
};

/** All digits of a fraction that ends as a decimal, without trailing zeros; 20 places, half-up, of one that does not. */
export const fractionText = (value: Fraction): string => {
  const { under } = simplified(value.over, value.under);
  const [twos, rest] = without(under, 2n);
  const [fives, other] = without(rest, 5n);
  return roundedTo(value, other === 1n ? Math.max(twos, fives) : PLACES);
};

/** How often a number contains a factor, and what is left of it. */
const without = (number: bigint, factor: bigint): [times: number, rest: bigint] => {
  let [times, rest] = [0, number];
  while (rest % factor === 0n) [times, rest] = [times + 1, rest / factor];
  return [times, rest];
};

const simplified = (over: bigint, under: bigint): Fraction => {
  let [a, b] = [over < 0n ? -over : over, under];
  while (b !== 0n) [a, b] = [b, a % b];
  return a > 1n ? { over: over / a, under: under / a } : { over, under };
};
