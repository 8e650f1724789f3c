/** Work that concurrent callers share. */

/**
 * Coalesces concurrent calls: each caller gets a run that was started after its call, and no two runs overlap; so
 * nobody waits for more than the run in progress and one more.
 */
export const coalesced = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | null = null;
  return () => {
    next ??= last
      .catch(() => undefined)
      .then(() => {
        next = null;
        const run = work();
        last = run;
        return run;
      });
    return next;
  };
};
