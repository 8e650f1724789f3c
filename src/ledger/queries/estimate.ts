/** The draft bill of a month, now or as of a moment, by the editions known then. */

import { type Instant, instantOf, type Month } from '../../domain/calendar.ts';
import { asPublished, type Catalogue } from '../../domain/catalogue.ts';
import { type Draft, draftBill } from '../../domain/draft-bill.ts';
import { comparePositions, type EventStore } from '../../eventstore/event-store.ts';
import { eventsOf } from '../../eventstore/reading.ts';
import { headOf, type LoadedAccount } from '../account/loaded-account.ts';
import type { ReadContext } from '../context.ts';
import { CATALOGUE, isPublished } from '../system/catalogue.ts';
import { readSystemEvent } from '../system/codec.ts';
import type { Until } from './as-of.ts';

/**
 * The draft of a month (default: that of `now`) from the account's state, now or as of a moment. `until` is null for
 * the present. Missing prices are null, with a reason. Throws if there is no account.
 */
export const estimate = async (
  { store, calendar, catalogue }: ReadContext,
  entry: LoadedAccount,
  {
    now,
    month,
    until,
  }: { readonly now: Instant; readonly month?: Month | undefined; readonly until: Until | null },
): Promise<Draft['bill']> => {
  if (!entry.account) throw new Error(`${entry.stream} has no account`);
  return draftBill(entry.account, {
    month: month ?? calendar.monthOf(now),
    at: now,
    head: headOf(entry),
    status: 'draft',
    calendar,
    catalogue: until ? await catalogueAsOf(store, catalogue, until) : catalogue,
  }).bill;
};

/** The catalogue with the editions published by then. */
export const catalogueAsOf = async (
  store: EventStore,
  catalogue: Catalogue,
  until: Until,
): Promise<Catalogue> => {
  let published = 0;
  for await (const stored of eventsOf(store, CATALOGUE)) {
    const event = readSystemEvent(stored);
    const isThen =
      until.position === undefined
        ? instantOf(event.at) <= until.at
        : comparePositions(stored.position, until.position) <= 0;
    if (!isThen) break;
    if (isPublished(event)) published += 1;
  }
  return asPublished(catalogue, published);
};
