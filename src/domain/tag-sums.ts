/** Usage by tag (price-books.md, "Tags"): tags are the reporter's own labels, which no price depends on. */
import type { Month } from './calendar.ts';
import type { EventOf, TagSum } from './events.ts';
import type { Texts, UsageRecord } from './usage.ts';

type Sum = { -readonly [Key in keyof TagSum]: TagSum[Key] };

/** Sums of records by month, tag and interface; empty where none has tags. */
export const tagSums = (
  records: readonly { readonly record: UsageRecord; readonly month: Month }[],
): TagSum[] => {
  const sums = new Map<string, Sum>();
  for (const { record, month } of records)
    for (const [name, value] of Object.entries(record.tags ?? NO_TAGS)) {
      const key = JSON.stringify([month, name, value, record.interface]);
      const before = sums.get(key) ?? {
        month,
        name,
        value,
        interface: record.interface,
        records: 0,
        calls: 0,
      };
      sums.set(key, {
        ...before,
        records: before.records + 1,
        calls: before.calls + record.calls,
        ...(record.quantities ? { quantities: addedTo(before.quantities, record.quantities, 1) } : {}),
      });
    }
  return [...sums.values()];
};

/** What a correction changes in the sums of its record's tags. */
export const correctedTagSums = (data: EventOf<'UsageCorrected'>['data']): TagSum[] => {
  const { interface: id, day, from, to, quantities, tags = NO_TAGS } = data;
  return Object.entries(tags).map(([name, value]) => ({
    ...{ month: day.slice(0, 7), name, value, interface: id, records: 0, calls: to - from },
    ...(quantities ? { quantities: addedTo(quantities.to, quantities.from, -1) } : {}),
  }));
};

const NO_TAGS: Texts = {};

/** Quantities by measure added up. */
export const addedTo = (
  before: Readonly<Record<string, number>> = {},
  more: Readonly<Record<string, number>>,
  sign: 1 | -1,
): Readonly<Record<string, number>> => {
  const sum = { ...before };
  for (const [measure, quantity] of Object.entries(more))
    sum[measure] = (sum[measure] ?? 0) + sign * quantity;
  return sum;
};
