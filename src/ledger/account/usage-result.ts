/** The outcomes of reported usage, record by record, and the position of its events. */
import type { RecordOutcome } from '../../domain/usage.ts';
import { comparePositions, type Position } from '../../eventstore/event-store.ts';

export interface Reported {
  /** One a record, in their order. */
  readonly outcomes: readonly RecordOutcome[];
  /** Position of the last event; null if nothing was recorded. */
  readonly position: Position | null;
}

/** Joins the results of a report's parts, in order; null if the account does not exist. */
export const asOne = (parts: readonly (Reported | null)[]): Reported | null => {
  const all = parts.filter((part) => part !== null);
  if (all.length < parts.length) return null;
  const [first] = all;
  if (all.length === 1 && first) return first;
  return {
    outcomes: all.flatMap(({ outcomes }) => outcomes),
    position: all.reduce<Position | null>((last, { position }) => later(last, position), null),
  };
};

/** The later of two positions. */
export const later = (a: Position | null, b: Position | null): Position | null =>
  comparePositions(a, b) < 0 ? b : a;
