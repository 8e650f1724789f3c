/** Work of accounts: one thing after the other within an account, accounts side by side, so that commits are shared. */
import { openKeyedQueues } from '../async/serial-queue.ts';

export interface AccountQueues {
  /** Does work of an account after its earlier work. */
  add(account: string, work: () => Promise<void>): void;
  /** Works that were added and are not waited for yet. */
  waiting(): number;
  /** Resolves when all of it is done; rejects with the first error of any. */
  settled(): Promise<void>;
}

/** Begins with no work. */
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
