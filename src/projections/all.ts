/** Every projection, in the order in which events are read into them. */
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
  readonly project: (fact: AccountEventAt, values: Values<unknown>, calendar: Calendar) => void;
}

/** Values were set by the same version of the same projection: that is what its version promises. */
const kept = <Value>({ name, version, project }: Projection<Value>): AnyProjection => ({
  name,
  version,
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
