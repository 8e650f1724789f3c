/**
 * What is left of a body when its request is already answered. A client that still sends reads no answer, and would see
 * a broken connection instead of the refusal: the rest is read and thrown away, within a bound.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Bytes that are thrown away, and for how long; a client that sends on is cut off. */
const DRAIN_BYTES = 64 * 1024 * 1024;
const DRAIN_MS = 30_000;

/** Requests that asked for the connection to be closed, which happens when their body has come. */
const closing = new WeakSet<IncomingMessage>();

/**
 * Keeps a connection open whose client wants it closed after this answer, but has not sent all of its body: Node would close
 * it as soon as the answer is written. `drain` closes it. Called before an answer is written.
 */
export const keepForRest = (request: IncomingMessage, response: ServerResponse): void => {
  if (request.complete || response.shouldKeepAlive) return;
  response.shouldKeepAlive = true;
  closing.add(request);
};

/** Reads the rest of a body, where something is left. Called when the answer is written. */
export const drain = (request: IncomingMessage): void => {
  const done = () => {
    if (closing.has(request)) request.socket.end();
  };
  if (request.complete || request.readableEnded || request.destroyed) {
    done();
    return;
  }
  let left = DRAIN_BYTES;
  const cut = () => request.destroy();
  const timer = setTimeout(cut, DRAIN_MS).unref();
  request.on('data', (chunk: Uint8Array) => {
    left -= chunk.length;
    if (left < 0) cut();
  });
  request.once('close', () => clearTimeout(timer));
  request.once('end', () => {
    clearTimeout(timer);
    done();
  });
  request.on('error', () => undefined);
  request.resume();
};
