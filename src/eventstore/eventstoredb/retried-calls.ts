/** Calls that are retried while the engine is unreachable, for a bounded time. */
import { StoreUnavailable } from '../event-store.ts';
import { isPassing, textOf } from './failures.ts';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 400;

/**
 * Runs `work`, and retries it on transient errors for `patienceMs`; others are thrown as they are.
 * Rejects with StoreUnavailable after that; the outcome of the last attempt is then unknown.
 */
export const patiently = async <T>(
  what: string,
  work: () => Promise<T>,
  patienceMs: number,
  isOpen: () => boolean,
): Promise<T> => {
  const started = performance.now();
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    if (!isOpen()) throw new StoreUnavailable('the ledger is closed');
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (performance.now() - started >= patienceMs)
        throw new StoreUnavailable(`${what}: the engine did not answer: ${textOf(error)}`, { cause: error });
    }
    // Jitter, so that calls that failed together are not retried together.
    await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
  }
};
