/** Sums over all accounts, which may exceed 2^53 − 1 (sums of one account's month may not). */

/** A number up to 2^53 − 1, decimal text beyond. */
export type WideCount = number | string;

/** An exact sum. */
export const wide = (before: WideCount, more: number): WideCount => {
  const sum = typeof before === 'number' ? before + more : Number.NaN;
  if (Number.isSafeInteger(sum)) return sum;
  const exact = BigInt(before) + BigInt(more);
  const near = Number(exact);
  return Number.isSafeInteger(near) ? near : exact.toString();
};
