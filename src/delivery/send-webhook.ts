/** Calls a webhook: no redirects, with limits on time and size. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { checkAddress, checkHost } from './allowed-addresses.ts';

export type Sent =
  | { readonly outcome: 'delivered' }
  /** `final`: the receiver asks not to be called again. */
  | { readonly outcome: 'failed'; readonly error: string; readonly final: boolean };

/** The outcome of a call; `status` is null if no answer came. */
export type Answered = Sent & { readonly status: number | null };

export interface WebhookCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly allowPrivateTargets: boolean;
  readonly lookup: LookupFunction;
  readonly timeoutMs: number;
  /** Aborts the call. */
  readonly signal: AbortSignal;
}

const ANSWER_MAX = 64 * 1024;
const GONE = 410;

/** Calls a webhook; 2xx counts as delivered. Never throws. */
export const callWebhook = (of: WebhookCall): Promise<Answered> =>
  new Promise((resolve) => {
    const { body, allowPrivateTargets, timeoutMs } = of;
    const fail = (error: unknown, status: number | null = null) =>
      resolve({
        ...{ outcome: 'failed', error: error instanceof Error ? error.message : String(error), status },
        final: status === GONE,
      });
    const target = new URL(of.url);
    try {
      if (!allowPrivateTargets) checkHost(target.hostname);
    } catch (error) {
      return fail(error);
    }
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
    const call = send(target, {
      method: 'POST',
      agent: false,
      signal: of.signal,
      lookup: of.lookup,
      headers: {
        ...of.headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'suanpan',
      },
    });
    if (!allowPrivateTargets)
      call.once('socket', (socket) => {
        // Before anything is written, check the address actually connected to, however the name was resolved.
        socket.once('connect', () => {
          try {
            checkAddress(socket.remoteAddress ?? '', target.hostname);
          } catch (error) {
            call.destroy(error instanceof Error ? error : new Error(String(error)));
          }
        });
      });
    const timer = setTimeout(() => call.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    call.on('error', (error) => {
      clearTimeout(timer);
      fail(error);
    });
    call.on('response', (answer) => {
      const status = answer.statusCode ?? 0;
      let size = 0;
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > ANSWER_MAX) answer.destroy();
      });
      answer.on('error', () => undefined);
      answer.once('close', () => {
        clearTimeout(timer);
        if (status >= 200 && status < 300) resolve({ outcome: 'delivered', status });
        else fail(`answered ${status}`, status);
      });
    });
    call.end(body);
  });
