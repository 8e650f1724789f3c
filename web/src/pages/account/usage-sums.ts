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

/** What a sum counts: calls, or the units of a measure. */
export const unitsIn = ({ calls, quantity }: UsageSum): number => calls ?? quantity ?? 0;

/** The name of what a sum is of: an interface, or one of its measures. */
export const nameIn = ({ interface: id, measure }: UsageSum): string =>
  measure === undefined ? id : `${id} · ${measure}`;

/** The sums of a month by interface and measure, in the order of their names. */
export const byInterface = (rows: readonly UsageSum[]): readonly UsageSum[] => {
  const sums = new Map<string, UsageSum>();
  for (const { day: _, ...row } of rows) {
    const before = sums.get(nameIn(row));
    const units = unitsIn(row) + (before ? unitsIn(before) : 0);
    sums.set(nameIn(row), {
      ...row,
      ...(row.measure === undefined ? { calls: units } : { quantity: units }),
      records: row.records + (before?.records ?? 0),
      free: row.free + (before?.free ?? 0),
      packs: row.packs + (before?.packs ?? 0),
      postPaid: row.postPaid + (before?.postPaid ?? 0),
    });
  }
  return [...sums.values()].sort((a, b) => (nameIn(a) < nameIn(b) ? -1 : 1));
};

const daysOf = (month: string): readonly string[] => {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return Array.from({ length: last }, (_, i) => `${month}-${String(i + 1).padStart(2, '0')}`);
};
