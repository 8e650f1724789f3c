/** Recomputes the hash chain of consecutive events. */
import { NO_PREVIOUS, sealOf } from '../../integrity/hash-chain.ts';
import type { Part } from './format.ts';
import type { Report } from './verdict.ts';

export interface Sealed {
  readonly revision: number;
  readonly header: string;
  readonly hash: string;
}

export interface Chain {
  readonly stream: string;
  /** The last event's hash, as written. */
  head(): string;
  /** The next expected revision. */
  next(): number;
  /** Checks that an event has the expected revision, and its seal. */
  add(part: Part, event: Sealed, payload: string): void;
}

/** The chain of a stream from a revision on. */
export const openChain = (stream: string, from: number, previous: string | null, report: Report): Chain => {
  let head = previous ?? NO_PREVIOUS;
  let next = from;
  return {
    stream,
    head: () => head,
    next: () => next,
    add: (part, { revision, header, hash }, payload) => {
      const event = { stream, revision };
      if (revision !== next) report(part, 'revision', next, revision, event);
      const sealed = sealOf({ previous: head, stream, revision, header, payload });
      if (sealed.hash !== hash) report(part, 'hash', sealed.hash, hash, event);
      head = hash;
      next = revision + 1;
    },
  };
};
