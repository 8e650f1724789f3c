/** Projection lag: how far the views are behind the store, measured once a second. */

import type { Views } from '../derived/views.ts';
import { comparePositions, type EventStore, type Position } from '../eventstore/event-store.ts';
import { PROJECTIONS } from '../projections/all.ts';

export interface Lag {
  /** Age in seconds of the oldest event that is not in every view; 0 if all are. */
  seconds(): number;
  stop(): void;
}

const EVERY_MS = 1_000;

export const watchLag = (store: EventStore, views: Views | null, now: () => number): Lag => {
  /** Ends of the store, and when they were first seen, that the views have not reached. */
  let open: { end: Position | null; at: number }[] = [];
  const look = async () => {
    if (!views) return;
    open.push({ end: await store.end(), at: now() });
    const reached = PROJECTIONS.map(({ name, version }) => views.position(name, version)).reduce((a, b) =>
      comparePositions(a, b) < 0 ? a : b,
    );
    open = open.filter(({ end }) => comparePositions(end, reached) > 0);
  };
  // A store closed meanwhile has no lag to measure.
  const timer = setInterval(() => void look().catch(() => undefined), EVERY_MS);
  timer.unref();
  return {
    seconds: () => (open[0] ? (now() - open[0].at) / 1_000 : 0),
    stop: () => clearInterval(timer),
  };
};
