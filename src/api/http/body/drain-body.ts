/**
 * Drains the rest of a body whose request is already answered. A client that is still sending does not read the answer,
 * and would see a reset connection instead of it, so the rest is read and discarded, up to a limit.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Bytes that are thrown away, and for how long; a client that sends on is cut off. */
const DRAIN_BYTES = 64 * 1024 * 1024;
const DRAIN_MS = 30_000;

/** Requests with `Connection: close`; their connection is closed when their body is drained. */
const closing = new WeakSet<IncomingMessage>();

/**
 * Keeps a connection open although the client wants it closed after this answer, until all of the body has arrived:
 * Node would close it when the answer is written. Call it before the answer is written; `drain` closes the connection.
 */
export const keepForRest = (request: IncomingMessage, response: ServerResponse): void => {
  if (request.complete || response.shouldKeepAlive) return;
  response.shouldKeepAlive = true;
  closing.add(request);
};

/** Drains the rest of the body, if any. Call it when the answer is written. */
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
