/** Queues of work: sequential within an account, concurrent across accounts, so that commits are grouped. */
import { openKeyedQueues } from '../async/serial-queue.ts';

export interface AccountQueues {
  /** Runs work of an account after its earlier work. */
  add(account: string, work: () => Promise<void>): void;
  /** Number of works added since the last `settled`. */
  waiting(): number;
  /** Resolves when all work is done; rejects with the first error. */
  settled(): Promise<void>;
}

export const openAccountQueues = (): AccountQueues => {
  const queues = openKeyedQueues();
  let added: Promise<void>[] = [];
  let failed: { readonly error: unknown } | null = null;
  return {
    add: (account, work) => {
      added.push(
        queues.run(account, work).catch((error: unknown) => {
          failed ??= { error };
        }),
      );
    },
    waiting: () => added.length,
    settled: async () => {
      await Promise.all(added);
      added = [];
      if (failed !== null) throw failed.error;
    },
  };
};
