/** All projections, in the order in which they process events. */
import type * as z from 'zod';
import type { Calendar } from '../domain/calendar.ts';
import { balances } from './balances.ts';
import { bills } from './bills.ts';
import { disputeOrder } from './dispute-order.ts';
import { disputes } from './disputes.ts';
import { due } from './due.ts';
import { notices } from './notices.ts';
import { operation } from './operation.ts';
import { overview } from './overview.ts';
import { packUse } from './pack-use.ts';
import type { AccountEventAt, Projection, Values } from './projection.ts';
import { usage } from './usage.ts';

/** A projection without the type of its values, for code that stores any of them. */
export interface AnyProjection {
  readonly name: string;
  readonly version: number;
  readonly schema: z.ZodType;
  readonly project: (event: AccountEventAt, values: Values<unknown>, calendar: Calendar) => void;
}

/** The cast is safe: `values` returns what the projection's schema parsed, or what the projection set. */
const kept = <Value>({ name, version, schema, project }: Projection<Value>): AnyProjection => ({
  name,
  version,
  schema,
  project: (event, values, calendar) =>
    project(
      event,
      {
        get: (key) => values.get(key) as Value | undefined,
        set: (key, value) => values.set(key, value),
        delete: (key) => values.delete(key),
      },
      calendar,
    ),
});

export const PROJECTIONS: readonly AnyProjection[] = [
  kept(bills),
  kept(usage),
  kept(due),
  kept(notices),
  kept(overview),
  kept(disputes),
  kept(disputeOrder),
  kept(operation),
  kept(balances),
  kept(packUse),
];
