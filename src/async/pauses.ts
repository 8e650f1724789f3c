/**
 * Long work on the main thread in slices, so that no request keeps another waiting. All who pause stand in one queue: one
 * goes on in each turn of the event loop, and what came in meanwhile is served between.
 */

/** A slice of work; what has a bound of 20 ms must leave room for the step that goes beyond it. */
const SLICE_MS = 8;
/** Steps between two looks at the clock: a step takes some microseconds. */
const STEPS = 8;

/**
 * Null while the slice lasts; or resolves when the next may begin. Called between steps of work; a step that may be long
 * counts for as many as it is said to.
 */
export type Pause = (steps?: number) => Promise<void> | null;

const waiting: (() => void)[] = [];
let isArmed = false;

const arm = (): void => {
  if (isArmed) return;
  isArmed = true;
  setImmediate(() => {
    isArmed = false;
    waiting.shift()?.();
    if (waiting.length > 0) arm();
  });
};

/** Waits for a turn of the event loop, behind those who wait already. */
export const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    waiting.push(resolve);
    arm();
  });

/** Pauses for one piece of work. `steps`: how many steps are taken between two looks at the clock. */
export const openPauses = (steps = STEPS): Pause => {
  let since = performance.now();
  let left = steps;
  const resumed = () => {
    since = performance.now();
  };
  return (taken = 1) => {
    left -= taken;
    if (left > 0) return null;
    left = steps;
    return performance.now() - since < SLICE_MS ? null : nextTurn().then(resumed);
  };
};

/** Runs a generator to its end, with a pause wherever it yields and one is due. */
export const inTurns = async <Out>(steps: Generator<unknown, Out>, pause = openPauses()): Promise<Out> => {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    const turn = pause();
    if (turn) await turn;
  }
};
