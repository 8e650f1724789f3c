/** The result of a command. */
import type { Refused } from '../../domain/decision.ts';
import type { AccountEvent } from '../../domain/events.ts';
import type { Reported } from './usage-result.ts';

/** An event with its place in its stream. */
export interface Placed {
  readonly revision: number;
  readonly event: AccountEvent;
}

export type Answer =
  /** Recorded now, or (without events) a no-op. `position` is that of the last event. */
  | { readonly outcome: 'done'; readonly events: readonly Placed[]; readonly position: string | null }
  /** The same key and content were used before: the events recorded then, and the position of the last. */
  | { readonly outcome: 'repeated'; readonly events: readonly Placed[]; readonly position: string | null }
  | Refused;

/** A repeat is stored; a refusal or no-op may be based on stale state. */
export const isNew = ({ outcome }: Answer): boolean => outcome !== 'repeated';
/** The events that an answer newly records, or would record; those of a repeat were recorded before. */
export const newEvents = (answer: Answer): readonly Placed[] =>
  answer.outcome === 'done' ? answer.events : [];

export const hasRefused = (reported: Reported | null): boolean =>
  reported?.outcomes.some(({ outcome }) => outcome === 'refused') ?? true;
