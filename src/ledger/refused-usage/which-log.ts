/** Whose log a refused report belongs in. */
import { openPauses } from '../../async/pauses.ts';
import type { Refused } from './log.ts';

/**
 * Reports with the accounts that exist: a malformed one may name an account that does not, and such a log would be
 * nobody's to read.
 */
export const withOwners = async (
  refused: readonly Refused[],
  isOpen: (account: string) => Promise<boolean>,
): Promise<readonly Refused[]> => {
  const pause = openPauses(1);
  const exists = new Map<string | null, boolean>([[null, true]]);
  for (const { account } of refused) {
    if (account === null || exists.has(account)) continue;
    exists.set(account, await isOpen(account));
    const turn = pause();
    if (turn) await turn;
  }
  return refused.map((one) => (exists.get(one.account) ? one : { ...one, account: null }));
};
