/**
 * Takes units back from where they were counted (rules.md, section 10): post-paid units first, then those paid by packs
 * (last used first), then free ones, whichever record they belonged to. They go back with the points they took.
 */
import type { FreeRun, Group, PackRun, Place } from './account.ts';
import type { Month } from './calendar.ts';
import type { Tally } from './events.ts';

export interface Shrinking {
  readonly month: Month;
  readonly place: Place;
  readonly group: Group;
  readonly units: number;
  /** Points that the record's units count for. */
  readonly weight: number;
  /** Whether waived units shrink before post-paid ones: they are of the record's own time. */
  readonly waivedFirst: boolean;
}

/** The tally that takes units out of a group. Throws where the group has fewer. */
export const shrunk = ({ month, place, group, units, weight, waivedFirst }: Shrinking): Tally => {
  const { postPaid: open, waived: given = 0 } = group;
  const first = Math.min(units, waivedFirst ? given : open);
  const second = Math.min(units - first, waivedFirst ? open : given);
  const [postPaid, waived] = waivedFirst ? [second, first] : [first, second];
  let rest = units - postPaid - waived;
  const runs: PackRun[] = [];
  for (const [pack, paid, heavy] of group.runs.toReversed()) {
    if (rest === 0) break;
    const back = Math.min(rest, paid);
    runs.push(heavy === undefined ? [pack, -back] : [pack, -back, heavy]);
    rest -= back;
  }
  if (rest > group.free) throw new Error(`${units} units of ${place.meter} are not there to take back`);
  const freeRuns = group.freeRuns && rest > 0 ? lastFree(group.freeRuns, rest) : undefined;
  return {
    month,
    ...place,
    free: negative(rest),
    postPaid: negative(postPaid),
    runs,
    ...(waived > 0 ? { waived: -waived } : {}),
    ...(freeRuns ? { freeRuns } : {}),
    ...(weight === 1 ? {} : { points: -units * weight }),
  };
};

const lastFree = (runs: readonly FreeRun[], units: number): FreeRun[] => {
  const back: FreeRun[] = [];
  let rest = units;
  for (const [free, weight] of runs.toReversed()) {
    if (rest === 0) break;
    const taken = Math.min(rest, free);
    back.push([-taken, weight]);
    rest -= taken;
  }
  return back;
};

/** Never minus zero. */
const negative = (count: number): number => (count === 0 ? 0 : -count);
