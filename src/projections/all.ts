/** All projections, in the order in which they process events. */
import type * as z from 'zod';
import type { Calendar } from '../domain/calendar.ts';
import { accounts } from './accounts.ts';
import { balances } from './balances.ts';
import { bills } from './bills.ts';
import { deadLetters } from './dead-letters.ts';
import { disputeOrder } from './dispute-order.ts';
import { disputes } from './disputes.ts';
import { due } from './due.ts';
import { estimates } from './estimates.ts';
import { intake } from './intake.ts';
import { notices } from './notices.ts';
import { operation } from './operation.ts';
import { overview } from './overview.ts';
import { packStock } from './pack-stock.ts';
import { packUse } from './pack-use.ts';
import { poolPacks } from './pool-packs.ts';
import { isOfAccount, type Projection, type Values, type ViewedEvent } from './projection.ts';
import { refused } from './refused.ts';
import { revenue } from './revenue.ts';
import { standing } from './standing.ts';
import { tagUsage } from './tag-usage.ts';
import { unbilled } from './unbilled.ts';
import { usage } from './usage.ts';

/** A projection without the type of its values, for code that stores any of them. */
export interface AnyProjection {
  readonly name: string;
  readonly version: number;
  readonly schema: z.ZodType;
  readonly project: (event: ViewedEvent, values: Values<unknown>, calendar: Calendar) => void;
}

/** The cast is safe: `values` returns what the projection's schema parsed, or what the projection set. */
const kept = <Value>({ name, version, schema, project, projectNews }: Projection<Value>): AnyProjection => ({
  name,
  version,
  schema,
  project: (event, values, calendar) => {
    const own: Values<Value> = {
      get: (key) => values.get(key) as Value | undefined,
      set: (key, value) => values.set(key, value),
      delete: (key) => values.delete(key),
    };
    if (isOfAccount(event)) project(event, own, calendar);
    else projectNews?.(event, own, calendar);
  },
});

export const PROJECTIONS: readonly AnyProjection[] = [
  kept(bills),
  kept(usage),
  kept(tagUsage),
  kept(due),
  kept(notices),
  kept(overview),
  kept(disputes),
  kept(disputeOrder),
  kept(operation),
  kept(balances),
  kept(packUse),
  kept(standing),
  kept(deadLetters),
  kept(refused),
  kept(intake),
  kept(estimates),
  kept(packStock),
  kept(accounts),
  kept(revenue),
  kept(poolPacks),
  kept(unbilled),
];
