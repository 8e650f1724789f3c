/** One attempt: the request with its deadline, and what comes back, in bounded memory. Redirects are not followed. */
import type { Answered } from './answers.ts';

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
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const ending = signal ? AbortSignal.any([signal, deadline]) : deadline;
    return await read(await fetch(url, { ...init, ...UNREDIRECTED, signal: ending }));
  } catch (error) {
    return { got: false, error };
  }
};

/** Reads an answer to its end, or to where it is of no use any more. */
export const read = async (response: Response): Promise<Answered> => {
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
