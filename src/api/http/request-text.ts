/**
 * Decodes the head of a request. Node decodes headers as Latin-1; here they are UTF-8 (RFC 9110 leaves bytes above 0x7f
 * opaque), so `X-Reason: 退款` is read correctly. Invalid UTF-8 is refused, never replaced.
 */
import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { utf8Text } from '../../text/utf8.ts';
import { ACCEPTED_CODINGS } from './body/content-coding.ts';
import { ApiProblem } from './problems/problem.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is what is meant.
const BEYOND_ASCII = /[^\x00-\x7f]/;
/** Headers whose text the interface stores or compares; others are not read. */
const READ = new Set([
  'x-actor',
  'x-reason',
  'idempotency-key',
  'content-type',
  'last-event-id',
  'authorization',
  'host',
]);

/**
 * Decodes headers as UTF-8, in place. Throws 400 for a relevant header that is invalid or repeated (Node keeps the
 * first, or joins them) or a missing Host, 415 for a transfer coding that would not be decoded, and 417 for an
 * expectation that is not met.
 */
export const readHeaders = ({ headers, rawHeaders, httpVersion }: IncomingMessage): void => {
  if (headers.host === undefined && httpVersion !== '1.0')
    throw new ApiProblem('invalid_request', 'Host: is missing', { field: 'Host' });
  checkExpectation(headers.expect);
  checkTransferCoding(headers['transfer-encoding']);
  checkOnce(headers, rawHeaders);
  for (const name in headers) {
    const value = headers[name];
    if (typeof value !== 'string' || !BEYOND_ASCII.test(value)) continue;
    const text = utf8Text(Buffer.from(value, 'latin1'));
    if (text !== null) headers[name] = text;
    else if (READ.has(name) || name.startsWith('ce-'))
      throw new ApiProblem('invalid_request', `${name}: is not UTF-8`, { field: name });
  }
};

const checkExpectation = (expected: string | undefined): void => {
  if (expected === undefined || expected.trim().toLowerCase() === '100-continue') return;
  throw new ApiProblem(
    'expectation_failed',
    `Expect: ${expected.slice(0, 100)} cannot be met; 100-continue can`,
    { field: 'Expect' },
  );
};

/** Node removes `chunked` itself (RFC 9112, section 6.1); content under other codings is passed on encoded. */
const checkTransferCoding = (coding: string | undefined): void => {
  if (coding === undefined || coding.trim().toLowerCase() === 'chunked') return;
  throw new ApiProblem(
    'media_type_unsupported',
    `Transfer-Encoding ${coding.slice(0, 100)} is not supported: compress with Content-Encoding: ${ACCEPTED_CODINGS}`,
    { field: 'Transfer-Encoding' },
    { 'Accept-Encoding': ACCEPTED_CODINGS },
  );
};

const checkOnce = (headers: IncomingMessage['headers'], raw: readonly string[]): void => {
  // Every name once is by far the most frequent, and cheap to see.
  if (raw.length === 2 * Object.keys(headers).length) return;
  const met = new Set<string>();
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]?.toLowerCase() ?? '';
    if (met.has(name) && READ.has(name))
      throw new ApiProblem('invalid_request', `${name}: came twice`, { field: name });
    met.add(name);
  }
};

/** A header's text from Latin-1, as Node has it. */
export const headerText = (value: string): string =>
  BEYOND_ASCII.test(value) ? (utf8Text(Buffer.from(value, 'latin1')) ?? value) : value;

/** Throws 400 for a path or query that is not ASCII, or whose percent-encoded bytes are not UTF-8. */
export const checkUrl = (url: string): void => {
  if (BEYOND_ASCII.test(url)) throw malformed('holds bytes that must be percent-encoded');
  if (!url.includes('%')) return;
  try {
    decodeURIComponent(url);
  } catch {
    throw malformed('is not percent-encoded UTF-8');
  }
};

/** Characters of a part of a path. */
export const PARAM_MAX = 500;

/** The problem of a URL that the router cannot read. */
export const badUrl = (url: string): ApiProblem => {
  try {
    checkUrl(url);
  } catch (error) {
    if (error instanceof ApiProblem) return error;
  }
  return malformed(`a part of the path has more than ${PARAM_MAX} characters`);
};

const malformed = (why: string): ApiProblem =>
  new ApiProblem('invalid_request', `path or query: ${why}`, { field: 'url' });
