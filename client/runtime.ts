/**
 * What every call of the client goes through: a deadline for each attempt, the same request again where the server says
 * "later" or says nothing, with one idempotency key for all of them, so that a command happens once; and the ledger's facts
 * as an endless iteration that goes on where it was broken off. Written by hand; `suanpan.ts` is made from the OpenAPI
 * document. Needs nothing but `fetch`: Node from 20, Deno, Bun, browsers.
 */
import { contentOf, failureOf, JSON_MEDIA, mayRepeat, NoAnswer } from './answers.ts';
import { answered } from './exchange.ts';
import { followed, type LedgerEvent } from './follow.ts';
import { paused, pauseMs, RETRY_AFTER_MAX_MS, retryAfterMs } from './retries.ts';

export interface ClientOptions {
  /** For example http://127.0.0.1:8080; a path that a proxy puts before `/v1` is kept. */
  readonly base: string;
  readonly key: string;
  /** How often a request is sent again that was not answered, or answered with "later" (default 5). */
  readonly retries?: number;
  /** Milliseconds that one attempt may take, with its answer (default 30,000). */
  readonly timeoutMs?: number;
}

/** Options of one call. */
export interface CallOptions {
  /** Ends the call, its pauses too. */
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** Options of a call that changes the ledger. */
export interface CommandOptions extends CallOptions {
  /** Give one to make a repeat after a restart of your own process harmless too; default: one for each call. */
  readonly idempotencyKey?: string;
  /** Who, as an id, and why: kept with the facts. */
  readonly actor?: string;
  readonly reason?: string;
}

/** How a call is made; `suanpan.ts` fills it in. */
export interface Sent {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly options?: CommandOptions;
  /** The route takes an Idempotency-Key. */
  readonly idempotent?: boolean;
  /** What it answers with; default: JSON. */
  readonly media?: string;
}

const RETRIES = 5;
const TIMEOUT_MS = 30_000;
const TIMEOUT_MAX_MS = 2 ** 31 - 1;

export interface Caller {
  request<Answer>(method: string, path: string, sent?: Sent): Promise<Answer>;
  follow(path: string, sent?: Sent): AsyncGenerator<LedgerEvent, never>;
}

/** Calls of a server. */
export const openCaller = ({
  base,
  key,
  retries = RETRIES,
  timeoutMs = TIMEOUT_MS,
}: ClientOptions): Caller => {
  // NaN would repeat without end.
  if (!(retries >= 0)) throw new RangeError(`retries: ${retries} is not 0 or more`);
  within(timeoutMs);
  const urlOf = (path: string, query: Readonly<Record<string, unknown>> = {}): URL => {
    const url = new URL(`${base.replace(/\/+$/, '')}${path}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    return url;
  };
  const authorization = `Bearer ${key}`;

  const request = async <Answer>(method: string, path: string, sent: Sent = {}): Promise<Answer> => {
    const { body, options = {}, media = JSON_MEDIA } = sent;
    const { signal } = options;
    const url = urlOf(path, sent.query);
    const headers = new Headers({ authorization, accept: `${media}, application/problem+json` });
    if (body !== undefined) headers.set('content-type', JSON_MEDIA);
    // Once for all attempts: the server tells a repeat by it.
    if (sent.idempotent) headers.set('idempotency-key', options.idempotencyKey ?? crypto.randomUUID());
    if (options.actor !== undefined) headers.set('x-actor', options.actor);
    if (options.reason !== undefined) headers.set('x-reason', headerText(options.reason));
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    for (let attempt = 0; ; attempt++) {
      const answer = await answered(url, init, within(options.timeoutMs ?? timeoutMs), signal);
      const failure = answer.got
        ? failureOf(answer, url.href, media)
        : new NoAnswer(url.href, attempt + 1, answer.error);
      if (failure === null && answer.got) return contentOf<Answer>(answer, media);
      const retryAfter = answer.got ? answer.headers.get('retry-after') : null;
      const tooLong = (retryAfterMs(retryAfter) ?? 0) > RETRY_AFTER_MAX_MS;
      if (signal?.aborted) throw signal.reason;
      const isSafe = !answer.got || mayRepeat(answer, failure);
      if (!isSafe || attempt >= retries || tooLong) throw failure;
      await paused(pauseMs(attempt, retryAfter), signal);
    }
  };

  const follow = (path: string, { query, options = {} }: Sent = {}): AsyncGenerator<LedgerEvent, never> => {
    const given = query?.['from'];
    return followed({
      urlOf: (from) => urlOf(path, { ...query, from }),
      from: given === undefined ? undefined : String(given),
      authorization,
      signal: options.signal,
    });
  };

  return { request, follow };
};

/** A timer of no length, or longer than a platform's longest, fires at once. */
const within = (timeoutMs: number): number => {
  if (timeoutMs >= 1 && timeoutMs <= TIMEOUT_MAX_MS) return timeoutMs;
  throw new RangeError(`timeoutMs: ${timeoutMs} is not from 1 to ${TIMEOUT_MAX_MS}`);
};

/** A header holds bytes: text beyond Latin-1 goes as the bytes of its UTF-8. */
const headerText = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what is ASCII goes as it is.
  /^[\x00-\x7f]*$/.test(text) ? text : String.fromCharCode(...new TextEncoder().encode(text));
