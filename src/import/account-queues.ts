/** Work of accounts: one thing after the other within an account, accounts side by side, so that commits are shared. */

export interface Turns {
  /** Does work of an account after its earlier work. */
  add(account: string, work: () => Promise<void>): void;
  /** Works that were added and are not waited for yet. */
  waiting(): number;
  /** Resolves when all of it is done; rejects with the first error of any. */
  settled(): Promise<void>;
}

/** Begins with no work. */
export const openTurns = (): Turns => {
  const last = new Map<string, Promise<void>>();
  let waiting = 0;
  let failed: { readonly error: unknown } | null = null;
  return {
    add: (account, work) => {
      waiting += 1;
      const turn = (last.get(account) ?? Promise.resolve()).then(work).catch((error: unknown) => {
        failed ??= { error };
      });
      last.set(account, turn);
    },
    waiting: () => waiting,
    settled: async () => {
      await Promise.all(last.values());
      last.clear();
      waiting = 0;
      if (failed !== null) throw failed.error;
    },
  };
};
