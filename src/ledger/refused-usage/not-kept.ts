/** Counts of refused reports that are not stored, by stream of the log and by code. */
import type { UsageRefusal } from '../../domain/refusals.ts';

export type Counts = Map<UsageRefusal, number>;
export type NotKept = Map<string, Counts>;

/** Adds to the counts. */
export const count = (counts: Counts, code: UsageRefusal, more = 1): void =>
  void counts.set(code, (counts.get(code) ?? 0) + more);

/** Adds to the counts of a stream. */
export const countOf = (all: Map<string, Counts>, name: string, code: UsageRefusal, more = 1): void => {
  const own = all.get(name) ?? new Map();
  all.set(name, own);
  count(own, code, more);
};

/** Merges other counts. */
export const addCounts = (all: Map<string, Counts>, more: ReadonlyMap<string, Counts>): void => {
  for (const [name, counts] of more) for (const [code, reports] of counts) countOf(all, name, code, reports);
};

/** How many reports are counted. */
export const sumOf = (all: NotKept): number => {
  let sum = 0;
  for (const counts of all.values()) for (const reports of counts.values()) sum += reports;
  return sum;
};
