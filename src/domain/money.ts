/**
 * Exact yuan. Money is decimal text (`"148868.00"`) everywhere: stored, hashed, shown and added. Arithmetic uses a
 * private Decimal whose precision exceeds every possible amount.
 */
import { Decimal } from 'decimal.js';

const Exact = Decimal.clone({ precision: 80, rounding: Decimal.ROUND_HALF_UP, toExpNeg: -60, toExpPos: 60 });

/** An amount of yuan with two places, as decimal text. */
export type Money = string;
/** An exact decimal with as many places as it needs, as decimal text. */
export type ExactDecimal = string;

export const ZERO: Money = '0.00';

/** The exact decimal of a text or an integer count. */
export const exact = (value: string | number): Decimal => new Exact(value);

/** Half-up to 0.01 yuan: the one rounding rule of the ledger (rules.md, section 6). */
export const rounded = (value: Decimal): Money => {
  const text = value.toFixed(2, Decimal.ROUND_HALF_UP);
  return text === '-0.00' ? ZERO : text;
};

/** All digits, no trailing zeros: `"6368"`, `"0.0055"`. */
export const plain = (value: Decimal): ExactDecimal => (value.isZero() ? '0' : value.toFixed());

export const plus = (a: Money, b: Money): Money => rounded(exact(a).plus(b));
export const minus = (a: Money, b: Money): Money => rounded(exact(a).minus(b));
export const negated = (a: Money): Money => minus(ZERO, a);
export const sum = (amounts: readonly Money[]): Money =>
  rounded(amounts.reduce((total, amount) => total.plus(amount), exact(0)));
export const times = (amount: Money, count: number): Money => rounded(exact(amount).times(count));
export const isZero = (a: Money): boolean => exact(a).isZero();
export const isNegative = (a: Money): boolean => exact(a).lessThan(0);
export const covers = (available: Money, amount: Money): boolean =>
  exact(available).greaterThanOrEqualTo(amount);
