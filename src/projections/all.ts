/** Every projection, in the order in which events are read into them. */
import type * as z from 'zod';
import type { Calendar } from '../domain/calendar.ts';
import { bills } from './bills.ts';
import { disputes } from './disputes.ts';
import { due } from './due.ts';
import { notices } from './notices.ts';
import { operation } from './operation.ts';
import { overview } from './overview.ts';
import type { AccountEventAt, Projection, Values } from './projection.ts';
import { usage } from './usage.ts';

/** A projection whose values are kept by someone who does not know their shape. */
export interface AnyProjection {
  readonly name: string;
  readonly version: number;
  readonly schema: z.ZodType;
  readonly project: (fact: AccountEventAt, values: Values<unknown>, calendar: Calendar) => void;
}

/** `values` gives what was parsed by the projection's schema, or set by it. */
const kept = <Value>({ name, version, schema, project }: Projection<Value>): AnyProjection => ({
  name,
  version,
  schema,
  project: (fact, values, calendar) =>
    project(
      fact,
      {
        get: (key) => values.get(key) as Value | undefined,
        set: (key, value) => values.set(key, value),
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
  kept(operation),
];
