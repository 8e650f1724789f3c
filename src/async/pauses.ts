/**
 * Runs long work on the main thread in slices. All work of a turn of the event loop shares one slice of time, however many
 * pieces of work there are in it, or stages of one; what has paused shares another, in the order of the pauses. So other
 * requests are served in between.
 */

/** Length of a slice; with a step that overruns it, and a garbage collection, a turn stays within 20 ms. */
const SLICE_MS = 5;
/** Steps between two checks of the clock; a step takes some microseconds. */
const STEPS = 8;

/**
 * Null within a slice; otherwise a promise that resolves when the next one may begin. Call it between steps; a long
 * step counts as several.
 */
export type Pause = (steps?: number) => Promise<void> | null;

const waiting: (() => void)[] = [];
let isArmed = false;
/** When the slice of this turn began; null if no work has looked at the clock in it. */
let began: number | null = null;

const isSliceOver = (now: number, since: number): boolean => now - since >= SLICE_MS;

const arm = (): void => {
  if (isArmed) return;
  isArmed = true;
  setImmediate(() => {
    isArmed = false;
    const since = performance.now();
    began = since;
    goOn(waiting.length, since);
  });
  // What comes in behind those that continue, before the next turn, has a slice of its own.
  setImmediate(ended);
};
const ended = (): void => {
  began = null;
};

/** Lets so many of those that wait go on, one after the other, until the slice is over. */
const goOn = (many: number, since: number): void => {
  waiting.shift()?.();
  // A tick that a microtask asks for comes when there are no more of them: what goes on has paused, or waits.
  queueMicrotask(() =>
    process.nextTick(() => {
      if (many > 1 && !isSliceOver(performance.now(), since)) goOn(many - 1, since);
      else if (waiting.length > 0) arm();
    }),
  );
};

/** Waits for a turn of the event loop, after earlier waiters. */
export const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    waiting.push(resolve);
    arm();
  });

/** Whether the slice of this turn is over, for work that began or continued at an instant. */
const isOver = (since: number): boolean => {
  const now = performance.now();
  if (began !== null) return isSliceOver(now, Math.min(began, since));
  if (isSliceOver(now, since)) return true;
  began = since;
  setImmediate(ended);
  return false;
};

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
    return isOver(since) ? nextTurn().then(resumed) : null;
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
