/** Why a record is of its class (price-books.md, "The call chooses the price"): the condition, and the value that met it. */
import type { Calendar } from '../../domain/calendar.ts';
import type { ChargeClass, Charging } from '../../domain/charging.ts';
import { quantityOf } from '../../domain/condition.ts';
import type { UsageRecord } from '../../domain/usage.ts';

/** A sentence for people: what the class asks for and what the record has, or that no class before it holds. */
export const whyClass = (
  { classes, totals }: Charging,
  { when }: ChargeClass,
  record: UsageRecord,
  calendar: Calendar,
): string => {
  if (when === null)
    return classes.length === 1
      ? 'the interface has no other class'
      : `the record meets the condition of no other class (${classes
          .flatMap(({ id }) => id ?? [])
          .slice(0, -1)
          .join(', ')})`;
  const said = (when.quantities ?? []).map(({ of, above, upTo }) => {
    const quantity = quantityOf(record, of, totals);
    return `${of} ${quantity} lies above ${above}${upTo === null ? '' : `, up to ${upTo}`}`;
  });
  if (when.time) {
    const { days, from, to } = when.time;
    const on = days ? ` on ${days.join(', ')}` : '';
    said.push(
      `its time ${calendar.timeOf(record.time)} on ${calendar.dayOf(record.time)} lies from ${from} to ${to}${on} (${calendar.zone})`,
    );
  }
  for (const [name, values] of Object.entries(when.attributes ?? {}))
    said.push(`its ${name} is ${record.attributes?.[name]}, one of ${values.join(', ')}`);
  return said.join('; ');
};
