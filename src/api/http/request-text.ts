/**
 * Where bytes of a request's head become text. Node reads headers as Latin-1; here they are UTF-8 (RFC 9110 leaves bytes
 * above 0x7f opaque), so `X-Reason: 退款` is what it says. What is not UTF-8 is refused, never replaced.
 */
import { Buffer } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { utf8Text } from '../../text/utf8.ts';
import { ApiProblem } from '../problem.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is what is meant.
const BEYOND_ASCII = /[^\x00-\x7f]/;
/** Headers whose text the interface keeps or compares; of others nothing is read. */
const READ = new Set([
  'x-actor',
  'x-reason',
  'idempotency-key',
  'content-type',
  'last-event-id',
  'authorization',
]);

/** Reads headers as UTF-8, in place. Throws 400 for one that is read and is not. */
export const readHeaders = (headers: IncomingHttpHeaders): void => {
  for (const name in headers) {
    const value = headers[name];
    if (typeof value !== 'string' || !BEYOND_ASCII.test(value)) continue;
    const text = utf8Text(Buffer.from(value, 'latin1'));
    if (text !== null) headers[name] = text;
    else if (READ.has(name) || name.startsWith('ce-'))
      throw new ApiProblem('invalid_request', `${name}: is not UTF-8`, { field: name });
  }
};

/** A header's text from Latin-1, as Node has it. */
export const headerText = (value: string): string =>
  BEYOND_ASCII.test(value) ? (utf8Text(Buffer.from(value, 'latin1')) ?? value) : value;

/** Throws 400 for a path or query whose percent-encoded bytes are not UTF-8, or that is not ASCII. */
export const checkUrl = (url: string): void => {
  if (BEYOND_ASCII.test(url)) throw malformed('holds bytes that must be percent-encoded');
  if (!url.includes('%')) return;
  try {
    decodeURIComponent(url);
  } catch {
    throw malformed('is not percent-encoded UTF-8');
  }
};

const malformed = (why: string): ApiProblem =>
  new ApiProblem('invalid_request', `path or query: ${why}`, { field: 'url' });
