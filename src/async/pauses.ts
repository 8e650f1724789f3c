/**
 * Runs long work on the main thread in slices. All paused work shares one queue: one continues per turn of the event
 * loop, so that other requests are served in between.
 */

/** Length of a slice; leaves room for a step that overruns it, within 20 ms. */
const SLICE_MS = 8;
/** Steps between two checks of the clock; a step takes some microseconds. */
const STEPS = 8;

/**
 * Null within a slice; otherwise a promise that resolves when the next one may begin. Call it between steps; a long
 * step counts as several.
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

/** Waits for a turn of the event loop, after earlier waiters. */
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
