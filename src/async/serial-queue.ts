/** Work that must not overlap: one piece after the other, in the order in which it was asked for. */

export interface SerialQueue {
  /** Runs work when all that was asked for before it has ended, however it ended; gives what it gives, or how it failed. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Pieces that have not ended. */
  size(): number;
  /** Resolves when all that was asked for until now has ended. */
  settled(): Promise<void>;
}

export const openSerialQueue = (): SerialQueue => {
  let tail: Promise<void> = Promise.resolve();
  let size = 0;
  const ended = (): void => {
    size -= 1;
  };
  return {
    run: (work) => {
      size += 1;
      const turn = tail.then(work);
      tail = turn.then(ended, ended);
      return turn;
    },
    size: () => size,
    settled: () => tail,
  };
};

/** A queue for each key: work of one key does not overlap, work of several does. Keys without work take no memory. */
export interface KeyedQueues {
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
}

export const openKeyedQueues = (): KeyedQueues => {
  const queues = new Map<string, SerialQueue>();
  return {
    run: (key, work) => {
      const queue = queues.get(key) ?? openSerialQueue();
      queues.set(key, queue);
      const turn = queue.run(work);
      const forget = (): void => {
        if (queue.size() === 0) queues.delete(key);
      };
      void queue.settled().then(forget);
      return turn;
    },
  };
};
