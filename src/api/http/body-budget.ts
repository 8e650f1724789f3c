/**
 * Bytes of bodies that are in progress, in all requests together: two large bodies at once must not end the process.
 * What goes beyond it is refused with Retry-After, before it is read.
 */
import { ApiProblem } from './problem.ts';

/** Bytes of all bodies that are being read or worked on. What is made of a byte takes some bytes more. */
export const BODIES_MAX = 64 * 1024 * 1024;

export interface BodyShare {
  /** Takes so many bytes more; throws `overloaded` where they are not to be had. */
  grow(bytes: number): void;
  /** Gives everything back; more than once is harmless. */
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
