/** The lanes of accounts that were lately used, up to so many; an idle one that is dropped is loaded again when needed. */
import type { Lane } from './processor.ts';

const LANES_KEPT = 20_000;
const DROPPED_TOGETHER = LANES_KEPT / 10;

export interface LaneCache {
  /** The lane of an account, opened where there is none. */
  of(account: string): Lane;
  /** The lane of an account where there is one. */
  known(account: string): Lane | undefined;
}

export const laneCache = (open: (account: string) => Lane): LaneCache => {
  const lanes = new Map<string, Lane>();
  return {
    known: (account) => lanes.get(account),
    of: (account) => {
      const known = lanes.get(account);
      if (known) return known;
      if (lanes.size >= LANES_KEPT) dropIdle(lanes);
      const lane = open(account);
      lanes.set(account, lane);
      return lane;
    },
  };
};

const dropIdle = (lanes: Map<string, Lane>): void => {
  let dropped = 0;
  for (const [account, lane] of lanes) {
    if (dropped > DROPPED_TOGETHER) return;
    if (!lane.idle()) continue;
    lanes.delete(account);
    dropped += 1;
  }
};
