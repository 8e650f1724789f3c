/**
 * Usage by tag and month. Keys: `ACCOUNT/MONTH/NAME`, how many values of a tag are kept apart; under it `/=VALUE`,
 * the sums of one value by interface, and `/other`, those of all values beyond the limit together.
 */
import * as z from 'zod';
import type { TagSum } from '../domain/events.ts';
import { addedTo, correctedTagSums } from '../domain/tag-sums.ts';
import type { Projection, Values } from './projection.ts';

const sum = z.strictObject({
  records: z.int(),
  calls: z.int(),
  quantities: z.record(z.string(), z.int()).exactOptional(),
});
const value = z.record(z.string(), sum);
const values = z.strictObject({ values: z.int() });
export type TagView = Readonly<z.infer<typeof value>>;
type TagValues = Readonly<z.infer<typeof values>>;

/** Values of a tag's name that are kept apart in an account's month. */
const TAG_VALUES_MAX = 1_000;

export const tagPrefix = (account: string, month: string, name: string): string =>
  `${account}/${month}/${name}/`;
const OTHER = 'other';

/** The value in a key; undefined: all values beyond the limit. */
export const valueIn = (key: string, prefix: string): string | undefined => {
  const text = key.slice(prefix.length);
  return text === OTHER ? undefined : text.slice(1);
};

/** Rows under `tagPrefix`. */
export const tagRows = { name: 'tag-usage', schema: value };

export const tagUsage: Projection<TagView | TagValues> = {
  name: 'tag-usage',
  version: 1,
  schema: z.union([values, value]),
  project: ({ account, event }, rows) => {
    if (event.type === 'CallsMetered') for (const one of event.data.tagged ?? []) add(rows, account, one);
    if (event.type === 'UsageCorrected')
      for (const one of correctedTagSums(event.data)) add(rows, account, one);
  },
};

const add = (rows: Values<TagView | TagValues>, account: string, one: TagSum): void => {
  const key = keyOf(rows, account, one);
  const before = (rows.get(key) as TagView | undefined) ?? {};
  const own = before[one.interface] ?? { records: 0, calls: 0 };
  rows.set(key, {
    ...before,
    [one.interface]: {
      records: own.records + one.records,
      calls: own.calls + one.calls,
      ...(one.quantities ? { quantities: { ...addedTo(own.quantities, one.quantities, 1) } } : {}),
    },
  });
};

const keyOf = (
  rows: Values<TagView | TagValues>,
  account: string,
  { month, name, value: of }: TagSum,
): string => {
  const prefix = tagPrefix(account, month, name);
  const own = `${prefix}=${of}`;
  if (rows.get(own)) return own;
  const kept = (rows.get(`${account}/${month}/${name}`) as TagValues | undefined)?.values ?? 0;
  if (kept >= TAG_VALUES_MAX) return `${prefix}${OTHER}`;
  rows.set(`${account}/${month}/${name}`, { values: kept + 1 });
  return own;
};
