/** The ledger's facts as an endless iteration that goes on where it was broken off. */
import { type Answered, failureOf, mayRepeat, Refused, UnexpectedAnswer } from './answers.ts';
import { NotAnEventStream, type ServerSent, serverSentEvents } from './event-stream.ts';
import { paused, pauseMs } from './retries.ts';

/** A fact of the ledger as it comes; give its `position` as `from` to go on behind it. */
export interface LedgerEvent {
  readonly position: string;
  readonly account: string;
  readonly revision: number;
  readonly type: string;
  readonly at: string;
  readonly data: unknown;
}

export interface FollowOf {
  /** The stream's address; `from` where it goes on behind a position. */
  readonly urlOf: (from: string | undefined) => URL;
  readonly from: string | undefined;
  readonly authorization: string;
  /** Ends the iteration: it rejects with the signal's reason. */
  readonly signal: AbortSignal | undefined;
}

/** The server says that it is still there every 15 seconds. */
const QUIET_MS = 45_000;
const MEDIA = 'text/event-stream';

/**
 * Facts behind a position, or from now on, without an end: where the connection breaks, is silent for long, or the server
 * says "later", it goes on behind the last position. Throws what is refused for good.
 */
export async function* followed(of: FollowOf): AsyncGenerator<LedgerEvent, never> {
  const { signal } = of;
  let { from } = of;
  let attempt = 0;
  for (;;) {
    const connection = openConnection(signal);
    try {
      const response = await opened(of, from, connection.signal);
      // Where it starts, so that nothing is lost if it breaks before the first event.
      from ??= response.headers.get('ledger-position') ?? undefined;
      for await (const sent of messages(response, connection.isAlive)) {
        attempt = 0;
        if (sent.id !== '') from = sent.id;
        if (sent.data !== null) yield eventOf(sent);
      }
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (isFinal(error)) throw error;
    } finally {
      connection.end();
    }
    await paused(pauseMs(attempt, null), signal);
    attempt += 1;
  }
}

const isFinal = (error: unknown): boolean =>
  error instanceof Refused ||
  error instanceof UnexpectedAnswer ||
  error instanceof NotAnEventStream ||
  error instanceof SyntaxError;

const eventOf = ({ id, data }: ServerSent): LedgerEvent => ({
  position: id,
  ...(JSON.parse(data ?? '') as Omit<LedgerEvent, 'position'>),
});

/** A connection that ends when nothing came for long, when the caller's signal says so, or when it is told to. */
const openConnection = (signal: AbortSignal | undefined) => {
  const ending = new AbortController();
  const onSignal = () => ending.abort(signal?.reason);
  signal?.addEventListener('abort', onSignal, { once: true });
  if (signal?.aborted) onSignal();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isAlive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => ending.abort(new Error(`nothing came for ${QUIET_MS} ms`)), QUIET_MS);
  };
  isAlive();
  return {
    signal: ending.signal,
    isAlive,
    end: (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onSignal);
      ending.abort();
    },
  };
};

/** Opens the stream, again and again while the server says "later" or nothing. */
const opened = async (
  { urlOf, authorization }: FollowOf,
  from: string | undefined,
  signal: AbortSignal,
): Promise<Response> => {
  const url = urlOf(from);
  for (let attempt = 0; ; attempt++) {
    const response = await fetch(url, { headers: { authorization, accept: MEDIA }, signal }).catch(
      () => null,
    );
    signal.throwIfAborted();
    if (response) {
      const type = response.headers.get('content-type') ?? '';
      if (response.ok && type.startsWith(MEDIA)) return response;
      const { status, headers } = response;
      const answer: Answered = { got: true, status, headers, text: await response.text().catch(() => '') };
      const failure = failureOf(answer, url.href, MEDIA);
      if (!mayRepeat(answer, failure)) throw failure;
    }
    await paused(pauseMs(attempt, response?.headers.get('retry-after') ?? null), signal);
  }
};

/** The messages of an answer; each piece of it says that the connection is alive. */
async function* messages(response: Response, isAlive: () => void): AsyncGenerator<ServerSent, void> {
  if (!response.body) return;
  const told = new TransformStream<Uint8Array, Uint8Array>({
    transform: (bytes, controller) => {
      isAlive();
      controller.enqueue(bytes);
    },
  });
  yield* serverSentEvents(response.body.pipeThrough(told));
}
