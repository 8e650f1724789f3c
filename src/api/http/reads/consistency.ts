/** Read-your-writes: a read waits until the caller's last known position has been processed here. */

import type { Views } from '../../../derived/views.ts';
import { ViewsBehind } from '../../../ledger/following/following.ts';
import type { Api } from '../api.ts';
import { ApiProblem } from '../problems/problem.ts';

const WAIT_MS = 5_000;
const POLL_MS = 20;

/** Waits until the ledger has reached a position; 503 after some seconds. */
export const reached = async (api: Api, after: string | undefined): Promise<void> => {
  if (after === undefined) return;
  for (let waited = 0; ; waited += POLL_MS) {
    if (await Promise.race([api.ledger.hasReached(after).catch(behind), tooLong()])) return;
    if (waited >= WAIT_MS) {
      throw new ApiProblem('view_behind', `position ${after} is not reached yet`, { after });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
};

/** The views, once they show everything acknowledged so far. */
export const viewsOf = async (api: Api, after: string | undefined): Promise<Views> => {
  await reached(api, after);
  const { views } = api.ledger;
  if (!views) throw new ApiProblem('view_behind', 'this ledger keeps no views');
  await Promise.race([api.ledger.viewsCaughtUp().catch(behind), tooLong()]);
  return views;
};

const behind = (error: unknown): never => {
  if (!(error instanceof ViewsBehind)) throw error;
  throw new ApiProblem('view_behind', error.message);
};

const tooLong = (): Promise<never> =>
  new Promise((_, reject) =>
    setTimeout(() => reject(new ApiProblem('view_behind', 'the views are behind')), WAIT_MS).unref(),
  );
