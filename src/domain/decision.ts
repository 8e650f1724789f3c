/** A decision: events, or a named refusal. Acceptance without events is a no-op. */
import type { Month } from './calendar.ts';
import type { MembersOf, Refusal, RefusalCode } from './refusals.ts';

export type Decision<Event> = { readonly outcome: 'accepted'; readonly events: readonly Event[] } | Refused;

export interface Refused {
  readonly outcome: 'refused';
  readonly refusal: Refusal;
  /** What must be recorded about the refusal, by a separate command, since a refusal appends nothing. */
  readonly followUp?: FollowUp;
}

/** Raises a notice, once, that a close waits for a price. */
export interface FollowUp {
  readonly name: 'notify-unpriced';
  readonly body: { readonly month: Month; readonly meter: string; readonly quantity: number };
}

export const accept = <Event>(...events: readonly Event[]): Decision<Event> => ({
  outcome: 'accepted',
  events,
});

/** A refusal with the members that its code requires. */
export const refuse = <Code extends RefusalCode>(
  code: Code,
  detail: string,
  ...[members]: Record<never, never> extends MembersOf<Code> ? [] : [MembersOf<Code>]
): Refused => ({ outcome: 'refused', refusal: { code, detail, members: members ?? {} } as Refusal });

/** Exhaustiveness check: a forgotten case does not compile. */
export const unreachable = (value: never): never => {
  throw new Error(`not a known case: ${JSON.stringify(value)}`);
};
