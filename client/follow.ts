/** The ledger's facts as an endless iteration that goes on where it was broken off. */
import { failureOf, mayRepeat, parsed, Refused, UnexpectedAnswer } from './answers.ts';
import { NotAnEventStream, type ServerSent, serverSentEvents } from './event-stream.ts';
import { read, UNREDIRECTED } from './exchange.ts';
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
  for (let attempt = 0; ; attempt++) {
    const connection = openConnection(signal);
    let retryAfter: string | null = null;
    try {
      const response = await opened(of, from, connection.signal);
      if ('body' in response) {
        // Where it starts, so that nothing is lost if it breaks before the first event.
        from ??= response.headers.get('ledger-position') ?? undefined;
        for await (const sent of messages(response, connection.isAlive)) {
          attempt = 0;
          if (sent.id !== '') from = sent.id;
          if (sent.data !== null) yield eventOf(sent);
        }
      } else ({ retryAfter } = response);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof NotAnEventStream) throw notAStream(of.urlOf(from).href, error);
      if (error instanceof Refused || error instanceof UnexpectedAnswer) throw error;
    } finally {
      connection.end();
    }
    await paused(pauseMs(attempt, retryAfter), signal);
  }
}

/** What is no stream of a ledger's events is an answer of somebody else's, though it began like one. */
const notAStream = (url: string, { message, text }: NotAnEventStream): UnexpectedAnswer =>
  new UnexpectedAnswer(url, 200, MEDIA, text, `, ${message}`);

const eventOf = ({ id, data }: ServerSent): LedgerEvent => {
  const text = data ?? '';
  const event = parsed(text);
  if (!isEvent(event)) throw new NotAnEventStream('which is no event of a ledger', text);
  return { ...event, position: id };
};

const isEvent = (value: unknown): value is Omit<LedgerEvent, 'position'> => {
  const { account, type } = (value ?? {}) as Partial<LedgerEvent>;
  return typeof account === 'string' && typeof type === 'string';
};

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

/** Opens the stream; or says when to ask again, where the server says "later". Rejects where nothing came. */
const opened = async (
  { urlOf, authorization }: FollowOf,
  from: string | undefined,
  signal: AbortSignal,
): Promise<Response | { readonly retryAfter: string | null }> => {
  const url = urlOf(from);
  const init = { headers: { authorization, accept: MEDIA }, ...UNREDIRECTED, signal };
  const response = await fetch(url, init);
  const { headers } = response;
  if (response.ok && (headers.get('content-type') ?? '').startsWith(MEDIA)) return response;
  const answer = await read(response);
  const failure = failureOf(answer, url.href, MEDIA);
  if (!mayRepeat(answer, failure)) throw failure;
  return { retryAfter: headers.get('retry-after') };
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
