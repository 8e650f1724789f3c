/**
 * Long work in steps: a generator that yields between them, so that its caller can do other work there. It waits for
 * nothing and reads no clock.
 */

/** Runs steps to their end at once. */
export const atOnce = <Out>(steps: Generator<unknown, Out>): Out => {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
};
