/**
 * Packs that may pay for the same calls, in the order of deduction (rules.md, section 3). Packs that are used up,
 * expired or not yet valid are skipped without being visited for each record, so a batch takes time proportional to
 * records plus packs, not their product.
 */
import type { Pack } from './account.ts';
import type { Instant } from './calendar.ts';

/** The criteria of the order of deduction; the first that differs decides. */
const ORDER = [
  ['expiry', (a: Pack, b: Pack) => a.expiresAt - b.expiresAt],
  ['purchase', (a: Pack, b: Pack) => a.purchasedAt - b.purchasedAt],
  ['size', (a: Pack, b: Pack) => a.size - b.size],
  ['id', (a: Pack, b: Pack) => (a.pack < b.pack ? -1 : a.pack > b.pack ? 1 : 0)],
] as const;

export type DeductedBy = (typeof ORDER)[number][0];

/** The order of deduction: negative where `a` is used first. */
export const byDeduction = (a: Pack, b: Pack): number => {
  for (const [, compare] of ORDER) {
    const order = compare(a, b);
    if (order !== 0) return order;
  }
  return 0;
};

/** The criterion that decides between two packs in the order of deduction. */
export const deductedBy = (a: Pack, b: Pack): DeductedBy =>
  ORDER.find(([, compare]) => compare(a, b) !== 0)?.[0] ?? 'id';

export interface PackQueue {
  /** Index of the first pack, from an index on, that is valid at an instant and has calls left; -1 if none. */
  next(place: number, time: Instant): number;
  at(place: number): Pack | undefined;
  /** Marks a pack as used up. */
  usedUp(place: number): void;
}

/** Up to this many packs are scanned linearly, which is cheaper than building the queue's tables. */
export const FEW = 16;

export const packQueue = (unsorted: readonly Pack[]): PackQueue => {
  const packs = unsorted.toSorted(byDeduction);
  return packs.length <= FEW ? fewPacks(packs) : manyPacks(packs);
};

const fewPacks = (packs: readonly Pack[]): PackQueue => ({
  at: (place) => packs[place],
  usedUp: () => undefined,
  next: (place, time) => {
    for (let i = place; i < packs.length; i++) {
      const pack = packs[i];
      if (pack && pack.purchasedAt <= time && time < pack.expiresAt) return i;
    }
    return -1;
  },
});

const manyPacks = (packs: readonly Pack[]): PackQueue => {
  /** For each index, the next index that is not used up (itself, if it is not). */
  const onward = packs.map((_, i) => i);
  onward.push(packs.length);
  /** For each index, the earliest purchase from there on; before it no further pack is valid. */
  const earliest: Instant[] = packs.map(({ purchasedAt }) => purchasedAt);
  for (let i = packs.length - 2; i >= 0; i--)
    earliest[i] = Math.min(
      earliest[i] ?? Number.POSITIVE_INFINITY,
      earliest[i + 1] ?? Number.POSITIVE_INFINITY,
    );

  const skipped = (place: number): number => {
    let end = place;
    for (let to = onward[end]; to !== undefined && to !== end; to = onward[end]) end = to;
    for (let i = place; i < end; ) {
      const to = onward[i] ?? end;
      onward[i] = end;
      i = to;
    }
    return end;
  };
  /** Index of the first pack that expires after an instant. */
  const living = (time: Instant): number => {
    let [low, high] = [0, packs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((packs[middle]?.expiresAt ?? 0) > time) high = middle;
      else low = middle + 1;
    }
    return low;
  };

  return {
    at: (place) => packs[place],
    usedUp: (place) => {
      onward[place] = place + 1;
    },
    next: (place, time) => {
      let i = skipped(Math.max(place, living(time)));
      for (let pack = packs[i]; pack; pack = packs[i]) {
        if ((earliest[i] ?? 0) > time) return -1;
        if (pack.purchasedAt <= time) return i;
        i = skipped(i + 1);
      }
      return -1;
    },
  };
};
