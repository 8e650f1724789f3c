/**
 * Usage of a month by the values of a tag (price-books.md, "Tags"): an item for each value, interface and measure, one
 * without a value for the records that do not have the tag, one marked `other` for all values beyond the limit.
 */
import { viewsUnder } from '../../derived/view-rows.ts';
import { addedSums } from '../../domain/usage-sums.ts';
import { tagPrefix, tagRows, valueIn } from '../../projections/tag-usage.ts';
import { type DaySum, usage as dayRows } from '../../projections/usage.ts';
import type { Api } from '../http/api.ts';
import { viewsOf } from '../http/reads/consistency.ts';

export interface TagItem {
  readonly value: string | null;
  readonly other?: true;
  readonly interface: string;
  readonly measure?: string;
  readonly records: number;
  readonly units: number;
}

/** More than the values that are kept apart, and the row of all others. */
const ROWS_MAX = 1_001;
const DAYS_MAX = 31;

export interface TagAsked {
  readonly account: string;
  readonly month: string;
  readonly tag: string;
  readonly after?: string | undefined;
}

/** All items, those of values first, in the order of the values. */
export const usageByTag = async (
  api: Api,
  { account, month, tag, after }: TagAsked,
): Promise<readonly TagItem[]> => {
  const views = await viewsOf(api, after);
  const prefix = tagPrefix(account, month, tag);
  const items: TagItem[] = [];
  const rest = new Map<string, { records: number; calls: number }>();
  for (const { value } of viewsUnder(views, dayRows, `${account}/${month}`, null, DAYS_MAX))
    for (const [name, sum] of Object.entries(value)) {
      const before: DaySum = { records: 0, calls: 0, free: 0, packs: 0, postPaid: 0, ...rest.get(name) };
      const { records, calls } = addedSums(before, sum);
      rest.set(name, { records, calls });
    }
  for (const { key, value } of viewsUnder(views, tagRows, prefix, null, ROWS_MAX)) {
    const of = valueIn(key, prefix);
    for (const [id, sum] of Object.entries(value)) {
      const units = [...rest.keys()].some((name) => name.startsWith(`${id} `))
        ? measuresOf(rest, id).map((measure) => [`${id} ${measure}`, sum.quantities?.[measure] ?? 0] as const)
        : [[id, sum.calls] as const];
      for (const [name, count] of units) {
        items.push(itemOf(name, of, { records: sum.records, calls: count }));
        const left = rest.get(name) ?? { records: 0, calls: 0 };
        rest.set(name, { records: left.records - sum.records, calls: left.calls - count });
      }
    }
  }
  for (const [name, left] of rest)
    if (left.records > 0 || left.calls !== 0) items.push(itemOf(name, null, left));
  return items;
};

const measuresOf = (sums: ReadonlyMap<string, unknown>, id: string): string[] =>
  [...sums.keys()].flatMap((name) => (name.startsWith(`${id} `) ? [name.slice(id.length + 1)] : []));

const itemOf = (
  name: string,
  value: string | null | undefined,
  { records, calls }: { readonly records: number; readonly calls: number },
): TagItem => {
  const [id = '', measure] = name.split(' ');
  return {
    value: value ?? null,
    ...(value === undefined ? { other: true as const } : {}),
    interface: id,
    ...(measure === undefined ? {} : { measure }),
    records,
    units: calls,
  };
};
