/** When a request is sent again, and after what pause. */

/** Answers that say "later": the same request may succeed. */
const LATER = new Set([429, 502, 503, 504]);

export const isLater = (status: number, code: unknown): boolean =>
  LATER.has(status) || code === 'idempotency_in_flight';

const FIRST_MS = 200;
const LONGEST_MS = 20_000;
/** A call does not wait for a server that asks for more patience than that; a stream asks again after it. */
export const RETRY_AFTER_MAX_MS = 120_000;

/**
 * Milliseconds before the next attempt: what the server asks for, within bounds (a date of the past is no leave to ask
 * without end), else growing pauses with chance in them.
 */
export const pauseMs = (attempt: number, retryAfter: string | null): number => {
  const asked = retryAfterMs(retryAfter);
  if (asked !== null) return Math.min(Math.max(asked, FIRST_MS), RETRY_AFTER_MAX_MS);
  const most = Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS);
  // Many that failed together must not come back together.
  return most / 2 + (Math.random() * most) / 2;
};

/** A `Retry-After` in milliseconds, of seconds or of a date; null where there is none. */
export const retryAfterMs = (text: string | null): number | null => {
  if (text === null) return null;
  if (/^\d+$/.test(text.trim())) return Number(text) * 1_000;
  // What is no number of seconds must be a date: "1.5" is read as one of 2001.
  const at = /[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
};

/** Waits, unless the signal ends it: then it rejects with the signal's reason. */
export const paused = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const ended = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', ended);
      resolve();
    }, ms);
    signal?.addEventListener('abort', ended, { once: true });
  });
