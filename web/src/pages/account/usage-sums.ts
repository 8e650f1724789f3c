/** Sums of calls by day. Calls are integers that every sum of a month can hold (docs/limits.md). */
import type { UsageSum } from '../../../../client/suanpan.ts';
import type { Bar } from '../../charts/DayBars.tsx';

/** A bar for every day of a month (`2019-03`): free, from packs, post-paid. */
export const byDay = (rows: readonly UsageSum[], month: string): readonly Bar[] => {
  const sums = new Map<string, [number, number, number]>();
  for (const { day, free, packs, postPaid } of rows) {
    const [a, b, c] = sums.get(day ?? '') ?? [0, 0, 0];
    sums.set(day ?? '', [a + free, b + packs, c + postPaid]);
  }
  return daysOf(month).map((day) => ({ day, values: sums.get(day) ?? [0, 0, 0] }));
};

/** The sums of a month by interface, in the order of their ids. */
export const byInterface = (rows: readonly UsageSum[]): readonly UsageSum[] => {
  const sums = new Map<string, UsageSum>();
  for (const { day: _, ...row } of rows) {
    const before = sums.get(row.interface);
    sums.set(
      row.interface,
      before
        ? {
            interface: row.interface,
            records: before.records + row.records,
            calls: before.calls + row.calls,
            free: before.free + row.free,
            packs: before.packs + row.packs,
            postPaid: before.postPaid + row.postPaid,
          }
        : row,
    );
  }
  return [...sums.values()].sort((a, b) => (a.interface < b.interface ? -1 : 1));
};

const daysOf = (month: string): readonly string[] => {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: last }, (_, i) => `${month}-${String(i + 1).padStart(2, '0')}`);
};
