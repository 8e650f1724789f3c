/**
 * Shares an amount among keys, so that no key can take all of it: of what others leave, a key has at most three quarters.
 * One key alone gets 75 % of the whole, a second one then 19 %, a third 5 %: there is always some left for the next.
 */

/** Of what others leave. */
const SHARE = 0.75;

export interface FairShares {
  /** Takes an amount for a key; false, and nothing taken, if that is more than its share. */
  take(key: string, amount: number): boolean;
  /** Releases what was taken. */
  give(key: string, amount: number): void;
  /** Taken in all. */
  used(): number;
}

export const openFairShares = (most: number): FairShares => {
  const taken = new Map<string, number>();
  let used = 0;
  return {
    used: () => used,
    take: (key, amount) => {
      const own = taken.get(key) ?? 0;
      if (own + amount > Math.ceil(SHARE * (most - (used - own)))) return false;
      used += amount;
      taken.set(key, own + amount);
      return true;
    },
    give: (key, amount) => {
      const left = (taken.get(key) ?? 0) - amount;
      used -= amount;
      if (left > 0) taken.set(key, left);
      else taken.delete(key);
    },
  };
};
