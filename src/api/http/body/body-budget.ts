/**
 * Budget of the bytes of all bodies in progress, so that a few large bodies cannot exhaust memory. A body beyond it is
 * refused with Retry-After, before it is read; so is one beyond its key's share, so that others' bodies are read.
 */
import { openFairShares } from '../fair-shares.ts';
import { ApiProblem } from '../problems/problem.ts';

/** Bytes of all bodies being read or processed; processing takes several bytes of memory for each. */
const BODIES_MAX = 64 * 1024 * 1024;

export interface BodyShare {
  /** Reserves bytes; throws `overloaded` if the budget, or the key's share of it, is exhausted. */
  grow(bytes: number): void;
  /** Releases everything; idempotent. */
  release(): void;
}

export interface BodyBudget {
  /** For a body that was sent with a key. */
  open(key: string): BodyShare;
  /** Bytes in progress. */
  readonly used: () => number;
}

export const openBodyBudget = (most = BODIES_MAX): BodyBudget => {
  const shares = openFairShares(most);
  return {
    used: shares.used,
    open: (key) => {
      let own = 0;
      return {
        grow: (bytes) => {
          if (!shares.take(key, bytes))
            throw new ApiProblem('overloaded', 'too many bytes of bodies are in progress');
          own += bytes;
        },
        release: () => {
          shares.give(key, own);
          own = 0;
        },
      };
    },
  };
};
