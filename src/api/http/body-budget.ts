/**
 * Budget of the bytes of all bodies in progress, so that a few large bodies cannot exhaust memory. A body beyond it is
 * refused with Retry-After, before it is read.
 */
import { ApiProblem } from './problem.ts';

/** Bytes of all bodies being read or processed; processing takes several bytes of memory for each. */
const BODIES_MAX = 64 * 1024 * 1024;

export interface BodyShare {
  /** Reserves bytes; throws `overloaded` if the budget is exhausted. */
  grow(bytes: number): void;
  /** Releases everything; idempotent. */
  release(): void;
}

export interface BodyBudget {
  open(): BodyShare;
  /** Bytes in progress. */
  readonly used: () => number;
}

export const openBodyBudget = (most = BODIES_MAX): BodyBudget => {
  let used = 0;
  return {
    used: () => used,
    open: () => {
      let own = 0;
      return {
        grow: (bytes) => {
          if (used + bytes > most)
            throw new ApiProblem('overloaded', 'too many bytes of bodies are in progress');
          used += bytes;
          own += bytes;
        },
        release: () => {
          used -= own;
          own = 0;
        },
      };
    },
  };
};
