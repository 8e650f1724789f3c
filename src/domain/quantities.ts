/**
 * The quantities of a record of an interface with measures (price-books.md, "Several quantities in one call"): names
 * that the interface has, integers, and totals that are the sums they claim to be. Totals are no content.
 */

import { didYouMean } from '../text/nearest.ts';
import { quantityOf } from './condition.ts';
import type { MeasuredInterface } from './price-book.ts';
import { quantityIn, type UsageRecord } from './usage.ts';

/** What is wrong with quantities: the name, and a rule in words. */
export interface QuantityProblem {
  readonly name: string;
  readonly detail: string;
}

/** The first problem of a record's quantities; null if there is none. */
export const quantityProblem = (
  one: MeasuredInterface,
  record: Pick<UsageRecord, 'quantities'>,
): QuantityProblem | null => {
  const { quantities = {} } = record;
  const totals = one.totals ?? [];
  const names = new Set([...one.measures, ...totals].map(({ id }) => id));
  for (const [name, quantity] of Object.entries(quantities)) {
    if (!names.has(name))
      return {
        name,
        detail: `is not a measure of ${one.id}: ${[...names].join(', ')}${didYouMean(name, names)}`,
      };
    if (!Number.isSafeInteger(quantity) || quantity < 0)
      return { name, detail: 'must be an integer of at least 0' };
  }
  if (!one.measures.some(({ id }) => Object.hasOwn(quantities, id)))
    return { name: '', detail: `must name at least one of ${one.measures.map(({ id }) => id).join(', ')}` };
  for (const total of totals) {
    if (!Object.hasOwn(quantities, total.id)) continue;
    const sum = quantityOf({ quantities }, total.id, totals);
    if (quantities[total.id] !== sum)
      return {
        name: total.id,
        detail: `is ${quantities[total.id]}, but ${total.of.join(' + ')} is ${sum}`,
      };
  }
  return null;
};

/** A record with the quantities that count: of its measures, those above zero. `calls` is their sum. */
export const withMeasures = <Record extends Pick<UsageRecord, 'quantities' | 'calls'>>(
  one: MeasuredInterface,
  record: Record,
): Record => {
  const { quantities: reported = {} } = record;
  const quantities: { [measure: string]: number } = {};
  let calls = 0;
  for (const { id } of one.measures) {
    const quantity = quantityIn(reported, id);
    if (quantity === 0) continue;
    quantities[id] = quantity;
    calls += quantity;
  }
  return { ...record, calls, quantities };
};
