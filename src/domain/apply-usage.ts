/** How recorded calls change the months and packs of an account. Applies decisions; makes none. */
import { type Account, type ClosedMonth, type Group, groupKey, type MonthTally } from './account.ts';
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
    const key = groupKey(tally.pool, tally.meter);
    months[tally.month] = {
      ...month,
      groups: { ...month.groups, [key]: grown(month.groups[key], tally) },
      closed: month.closed && changed(month.closed, tally.meter, why, rulesOf(account)),
    };
    for (const [pack, calls] of tally.runs) taken.set(pack, (taken.get(pack) ?? 0) + calls);
  }
  if (taken.size === 0) return { ...account, months };
  const packs = account.packs.map((pack) => {
    const calls = taken.get(pack.pack);
    // Calls given back to a voided pack are void too (rules.md, section 5).
    return calls === undefined || pack.void ? pack : { ...pack, left: pack.left - calls };
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

/** Corrects the count of uncharged calls, unless the account's data is older than that counter. */
export const recounted = (account: Account, { data }: EventOf<'UsageCorrected'>): Account => {
  const month = data.day.slice(0, 7);
  if (account.months[month]?.uncharged === undefined) return account;
  return uncharged(account, [{ month, calls: data.to - data.from }]);
};

const grown = (group: Group | undefined, tally: Tally): Group => {
  const { product, meter, pool } = tally;
  const runs = [...(group?.runs ?? [])];
  for (const [pack, calls] of tally.runs) {
    if (calls > 0) addRun(runs, pack, calls);
    else shrinkLast(runs, pack, -calls);
  }
  return {
    product,
    meter,
    pool,
    free: (group?.free ?? 0) + tally.free,
    postPaid: (group?.postPaid ?? 0) + tally.postPaid,
    runs,
  };
};

const shrinkLast = (runs: (readonly [string, number])[], pack: string, calls: number): void => {
  const last = runs.at(-1);
  if (!last || last[0] !== pack || last[1] < calls)
    throw new Error(`the last calls were not paid by ${pack}`);
  if (last[1] === calls) runs.pop();
  else runs[runs.length - 1] = [pack, last[1] - calls];
};
