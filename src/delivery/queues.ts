/**
 * How much is sent at once. Each receiver has a queue of its own, so that one that never answers delays no other: a
 * receiver that answers may take a few calls at once; one that has not answered yet, or failed last time, one; and all
 * of those together at most half of what is sent at all, so that there is always room for those that answer.
 */

/** Calls in progress at once. */
export const AT_ONCE = {
  overall: 128,
  /** Of those, to receivers that have not answered yet or failed last. */
  unproven: 64,
  /** To one receiver whose last call was answered well. */
  receiver: 4,
  /** To one receiver that has not answered yet, or failed last. */
  unprovenReceiver: 1,
} as const;

export interface ReceiverHealth {
  readonly receiver: string;
  /** Calls that failed since the last one that was answered well. */
  readonly failuresInARow: number;
}

export interface Queues {
  /** How many more calls to a receiver may start now. */
  room(receiver: string): number;
  started(receiver: string): void;
  /** Null: it was neither answered nor failed, but broken off. */
  ended(receiver: string, answered: boolean | null): void;
  /** Calls in progress. */
  underWay(): number;
  /** Receivers that were called since the start. */
  health(): ReceiverHealth[];
  /** Forgets receivers that are no longer there, and have no call in progress. */
  forget(isGone: (receiver: string) => boolean): void;
}

interface State {
  readonly underWay: number;
  readonly isProven: boolean;
  readonly failures: number;
}

export const openQueues = (): Queues => {
  const states = new Map<string, State>();
  const underWay = { all: 0, unproven: 0 };
  /** Changes a receiver's state, and the sums with it. */
  const change = (receiver: string, to: (state: State) => State): void => {
    const before = states.get(receiver) ?? { underWay: 0, isProven: false, failures: 0 };
    const after = to(before);
    states.set(receiver, after);
    underWay.all += after.underWay - before.underWay;
    underWay.unproven += unproven(after) - unproven(before);
  };
  return {
    room: (receiver) => {
      const { isProven = false, underWay: own = 0 } = states.get(receiver) ?? {};
      const free = AT_ONCE.overall - underWay.all;
      return isProven
        ? Math.min(AT_ONCE.receiver - own, free)
        : Math.min(AT_ONCE.unprovenReceiver - own, AT_ONCE.unproven - underWay.unproven, free);
    },
    started: (receiver) => change(receiver, (state) => ({ ...state, underWay: state.underWay + 1 })),
    ended: (receiver, answered) =>
      change(receiver, ({ underWay: own, isProven, failures }) => ({
        underWay: own - 1,
        isProven: answered ?? isProven,
        failures: answered === null ? failures : answered ? 0 : failures + 1,
      })),
    underWay: () => underWay.all,
    health: () => [...states].map(([receiver, { failures }]) => ({ receiver, failuresInARow: failures })),
    forget: (isGone) => {
      for (const [receiver, state] of states)
        if (state.underWay === 0 && isGone(receiver)) states.delete(receiver);
    },
  };
};

const unproven = ({ isProven, underWay }: State): number => (isProven ? 0 : underWay);
