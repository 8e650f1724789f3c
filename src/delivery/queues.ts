/**
 * Concurrency limits per receiver, so that one that does not answer delays no other. A proven receiver gets a few calls
 * at once; an unproven one (it has not answered yet, or failed last time) gets one, and all unproven ones together get
 * at most half of all calls, so that proven ones are never starved.
 */

/** Calls in progress at once. */
export const AT_ONCE = {
  overall: 128,
  /** Of those, to unproven receivers. */
  unproven: 64,
  /** To one receiver whose last call succeeded. */
  receiver: 4,
  /** To one receiver that has not answered yet, or failed last. */
  unprovenReceiver: 1,
} as const;

export interface ReceiverHealth {
  readonly receiver: string;
  /** Failed calls since the last successful one. */
  readonly failuresInARow: number;
}

export interface Queues {
  /** Number of further calls to a receiver that may start now. */
  room(receiver: string): number;
  started(receiver: string): void;
  /** Null: the call was aborted, and neither succeeded nor failed. */
  ended(receiver: string, answered: boolean | null): void;
  /** Calls in progress. */
  underWay(): number;
  /** Receivers called since the start. */
  health(): ReceiverHealth[];
  /** Removes receivers that are gone and have no call in progress. */
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
  /** Changes a receiver's state and updates the totals. */
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
