/** How recorded calls change the months and packs of an account. Applies decisions; makes none. */
import {
  type Account,
  type ClosedMonth,
  type Counted,
  type FreeRun,
  type Group,
  groupKey,
  type MonthTally,
  metered,
  meteredPoints,
  type PackRun,
} from './account.ts';
import type { Month } from './calendar.ts';
import type { EventOf, Tally } from './events.ts';
import { addRun } from './payers.ts';
import { rulesOf } from './rules.ts';

/** A closed month that is to be re-rated at the next close, and why. */
export const changed = (closed: ClosedMonth, meter: string, why: string, rules: number): ClosedMonth => {
  const known = closed.changes[meter] ?? [];
  if (known.includes(why) || (rules >= 2 && known.length > REASONS_MAX)) return closed;
  // Every close carries the reasons; a month corrected ten thousand times must still fit into one append.
  const next = rules >= 2 && known.length === REASONS_MAX ? AND_MORE : why;
  return { ...closed, changes: { ...closed.changes, [meter]: [...known, next] } };
};

const REASONS_MAX = 20;
const AND_MORE = 'and more';

/** The account after calls were added to, or removed from, pools and meters. */
export const tallied = (account: Account, tallies: readonly Tally[], why: string): Account => {
  if (tallies.length === 0) return account;
  const months: Record<Month, MonthTally> = { ...account.months };
  const taken = new Map<string, number>();
  for (const tally of tallies) {
    const month = months[tally.month] ?? { groups: {}, closed: null };
    const key = groupKey(tally);
    months[tally.month] = {
      ...month,
      groups: { ...month.groups, [key]: grown(month.groups[key], tally) },
      closed: month.closed && changed(month.closed, tally.meter, why, rulesOf(account)),
    };
    for (const [pack, units, weight = 1] of tally.runs)
      taken.set(pack, (taken.get(pack) ?? 0) + units * weight);
  }
  if (taken.size === 0) return { ...account, months };
  const packs = account.packs.map((pack) => {
    const points = taken.get(pack.pack);
    // Calls given back to a voided pack are void too (rules.md, section 5).
    return points === undefined || pack.void ? pack : { ...pack, left: pack.left - points };
  });
  return { ...account, months, packs };
};

type Uncharged = NonNullable<EventOf<'CallsMetered'>['data']['uncharged']>;

/** The account with additional calls that are not charged. */
export const uncharged = (account: Account, more: Uncharged): Account => {
  if (more.length === 0) return account;
  const months: Record<Month, MonthTally> = { ...account.months };
  for (const { month, calls } of more) {
    const tally = months[month] ?? { groups: {}, closed: null };
    months[month] = { ...tally, uncharged: Math.max(0, (tally.uncharged ?? 0) + calls) };
  }
  return { ...account, months };
};

/** Corrects the count of uncharged units, unless the account's data is older than that counter. */
export const recounted = (account: Account, { data }: EventOf<'UsageCorrected'>): Account => {
  const month = data.day.slice(0, 7);
  // Several quantities are younger than the counter: a record whose other units were all charged may be the first of it.
  if (!data.quantities && account.months[month]?.uncharged === undefined) return account;
  const charged = data.tallies.reduce((sum, tally) => sum + metered(tally), 0);
  const calls = data.to - data.from - charged;
  return calls === 0 ? account : uncharged(account, [{ month, calls }]);
};

const grown = (group: Group | undefined, tally: Tally): Group => {
  const { product, meter, pool, shared, day } = tally;
  const before: Counted = group ?? NOTHING_COUNTED;
  const waived = (before.waived ?? 0) + (tally.waived ?? 0);
  const freeRuns = weighedFree(before, tally);
  const after = {
    ...{ product, meter, pool },
    ...(shared ? { shared } : {}),
    ...(day === undefined ? {} : { day }),
    free: before.free + tally.free,
    postPaid: before.postPaid + tally.postPaid,
    runs: grownRuns(before.runs, tally.runs),
    ...(waived === 0 ? {} : { waived }),
    ...(freeRuns ? { freeRuns } : {}),
  };
  const points = meteredPoints(before) + meteredPoints(tally);
  return points === metered(after) ? after : { ...after, points };
};

const NOTHING_COUNTED: Counted = { free: 0, postPaid: 0, runs: [] };

const grownRuns = (before: readonly PackRun[], more: readonly PackRun[]): readonly PackRun[] => {
  if (more.length === 0) return before;
  const runs = [...before];
  for (const [pack, units, weight] of more) {
    if (units > 0) addRun(runs, pack, units, weight);
    else shrinkLast(runs, pack, -units, weight);
  }
  return runs;
};

/** The free units by weight; undefined while each takes one point. */
const weighedFree = (before: Counted, tally: Tally): readonly FreeRun[] | undefined => {
  if (!before.freeRuns && !tally.freeRuns) return undefined;
  const runs = [...runsOfFree(before)];
  for (const [units, weight] of runsOfFree(tally)) {
    const last = runs.at(-1);
    if (units < 0 && (!last || last[1] !== weight || last[0] < -units))
      throw new Error(`the last free units did not take ${weight} points each`);
    if (last && last[1] === weight) {
      if (last[0] + units === 0) runs.pop();
      else runs[runs.length - 1] = [last[0] + units, weight];
    } else runs.push([units, weight]);
  }
  return runs;
};

const runsOfFree = ({ free, freeRuns }: Counted): readonly FreeRun[] =>
  freeRuns ?? (free === 0 ? [] : [[free, 1]]);

const shrinkLast = (runs: PackRun[], pack: string, units: number, weight: number | undefined): void => {
  const last = runs.at(-1);
  if (!last || last[0] !== pack || last[2] !== weight || last[1] < units)
    throw new Error(`the last calls were not paid by ${pack}`);
  if (last[1] === units) runs.pop();
  else
    runs[runs.length - 1] = weight === undefined ? [pack, last[1] - units] : [pack, last[1] - units, weight];
};
