/** One attempt: the request with its deadline, and what comes back, in bounded memory. Redirects are not followed. */
import type { Answered, Got } from './answers.ts';

/** No string is longer; of answers that say no the beginning is enough. */
const ANSWER_MAX = 500_000_000;
const FAILURE_MAX = 1024 * 1024;

/** How every request is sent: a redirected POST would come back as the answer of a GET to somewhere else. */
export const UNREDIRECTED = { redirect: 'manual' } as const;

/** Sends a request once, and reads its answer. */
export const answered = async (
  url: URL,
  init: RequestInit,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Answered> => {
  // Not `AbortSignal.any`: Node has it from 20.3 on.
  const ending = new AbortController();
  const onSignal = (): void => ending.abort(signal?.reason);
  signal?.addEventListener('abort', onSignal, { once: true });
  if (signal?.aborted) onSignal();
  const late = (): void => ending.abort(new DOMException(`no answer in ${timeoutMs} ms`, 'TimeoutError'));
  const timer = setTimeout(late, timeoutMs);
  try {
    return await read(await fetch(url, { ...init, ...UNREDIRECTED, signal: ending.signal }));
  } catch (error) {
    return { got: false, error };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onSignal);
  }
};

/** Reads an answer to its end, or to where it is of no use any more. */
export const read = async (response: Response): Promise<Got> => {
  const { ok, status, headers, body } = response;
  const { text, isWhole } = body ? await textOf(body, ok ? ANSWER_MAX : FAILURE_MAX) : WHOLE;
  return { got: true, status, headers, text, isWhole };
};

const WHOLE = { text: '', isWhole: true };

const textOf = async (body: ReadableStream<Uint8Array>, most: number): Promise<typeof WHOLE> => {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  let bytes = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    bytes += piece.value.byteLength;
    if (bytes > most) {
      await reader.cancel().catch(() => undefined);
      return { text: pieces.join(''), isWhole: false };
    }
    pieces.push(decoder.decode(piece.value, { stream: true }));
  }
  return { text: pieces.join('') + decoder.decode(), isWhole: true };
};
