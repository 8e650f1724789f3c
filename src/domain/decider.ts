/** A decision: events, or a named refusal. Accepted without events is a no-op: it was so already. */
import type { Refusal, RefusalCode } from './refusals.ts';

export type Decision<Event> =
  | { readonly outcome: 'accepted'; readonly events: readonly Event[] }
  | { readonly outcome: 'refused'; readonly refusal: Refusal };

export const accept = <Event>(...events: readonly Event[]): Decision<Event> => ({
  outcome: 'accepted',
  events,
});

export const refuse = (code: RefusalCode, detail: string, members: Refusal['members'] = {}) =>
  ({ outcome: 'refused', refusal: { code, detail, members } }) as const;

/** Reached by no value: a forgotten case does not compile. */
export const unreachable = (value: never): never => {
  throw new Error(`not a known case: ${JSON.stringify(value)}`);
};
