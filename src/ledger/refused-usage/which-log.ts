/** Which log a refused report is in, and whose log a stream is. */
import { openPauses } from '../../async/pauses.ts';
import { type Refused, refusedStream } from './log.ts';

/** Drops account names that do not exist: a malformed report may have one, and nobody could read its log. */
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

/** The account of a stream of the log, null for the one of no account; undefined for another stream. */
export const refusedAccountOf = (stream: string): string | null | undefined => {
  if (stream === refusedStream(null)) return null;
  const prefix = refusedStream('');
  return stream.startsWith(prefix) ? stream.slice(prefix.length) : undefined;
};
