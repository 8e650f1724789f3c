/**
 * Packs that may pay for the same calls, in the order in which they do (rules.md, section 3). A pack that is used up, or
 * whose time is over or not come, is not looked at again for each record: a batch of many records costs an account with many
 * packs about as much as their sum.
 */
import type { Pack } from './account.ts';
import type { Instant } from './calendar.ts';

/** By what one pack is used before another, the first that tells them apart: the order of deduction. */
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

/** What tells two different packs apart in the order of deduction. */
export const deductedBy = (a: Pack, b: Pack): DeductedBy =>
  ORDER.find(([, compare]) => compare(a, b) !== 0)?.[0] ?? 'id';

export interface PackQueue {
  /** The first pack from a place on that can be used at an instant and has calls left; its place, or -1. */
  next(place: number, time: Instant): number;
  at(place: number): Pack | undefined;
  /** Says that a pack has no calls left. */
  usedUp(place: number): void;
}

/** So few packs are looked at one by one: that costs less than to prepare anything. */
export const FEW = 16;

export const packQueue = (unsorted: readonly Pack[]): PackQueue => {
  if (unsorted.length === 0) return NO_PACKS;
  const packs = unsorted.toSorted(byDeduction);
  return packs.length <= FEW ? fewPacks(packs) : manyPacks(packs);
};

const NO_PACKS: PackQueue = { at: () => undefined, usedUp: () => undefined, next: () => -1 };

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
  /** Where to go on from a place: itself, or behind packs that are used up. */
  const onward = packs.map((_, i) => i);
  onward.push(packs.length);
  /** The earliest purchase from a place on: before it nothing further can be used. */
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
  /** The first place whose pack expires after an instant. */
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
