/**
 * What is left of a body when its request is already answered. A client that still sends reads no answer, and would see
 * a broken connection instead of the refusal: the rest is read and thrown away, within a bound.
 */
import type { IncomingMessage } from 'node:http';

/** Bytes that are thrown away, and for how long; a client that sends on is cut off. */
const DRAIN_BYTES = 64 * 1024 * 1024;
const DRAIN_MS = 30_000;

/** Reads the rest of a body. Called when the answer is written. */
export const drain = (request: IncomingMessage): void => {
  if (request.readableEnded || request.destroyed) return;
  let left = DRAIN_BYTES;
  const cut = () => request.destroy();
  const timer = setTimeout(cut, DRAIN_MS).unref();
  request.on('data', (chunk: Uint8Array) => {
    left -= chunk.length;
    if (left < 0) cut();
  });
  request.once('close', () => clearTimeout(timer));
  request.once('end', () => clearTimeout(timer));
  request.on('error', () => undefined);
  request.resume();
};
