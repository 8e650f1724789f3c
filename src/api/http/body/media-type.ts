/** Content types: the media type of a body, and that its charset is UTF-8 (RFC 9110, section 8.3). */
import type { IncomingHttpHeaders } from 'node:http';
import { ApiProblem } from '../problems/problem.ts';

export const JSON_TYPE = 'application/json';
export const NDJSON_TYPE = 'application/x-ndjson';
export const EVENT_TYPE = 'application/cloudevents+json';
export const EVENTS_TYPE = 'application/cloudevents-batch+json';
export const EVENT_STREAM = 'text/event-stream';
export const CSV_TYPE = 'text/csv';

/** Types that JSON routes accept. */
export const JSON_BODIES: readonly string[] = [JSON_TYPE];
/** Types that `POST /usage` accepts. */
export const USAGE_BODIES: readonly string[] = [JSON_TYPE, EVENT_TYPE, EVENTS_TYPE, NDJSON_TYPE];

const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)/gi;
const UTF8 = /^(?:utf-?8|us-ascii)$/i;

/** The media type of a header, in lower case and without parameters; empty if missing. */
export const mediaTypeOf = (header: string | undefined): string =>
  (header?.split(';', 1)[0] ?? '').trim().toLowerCase();

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const WELL_FORMED = new RegExp(`^\\s*${TOKEN}/${TOKEN}\\s*(?:;|$)`);

/** Throws 415 for a malformed Content-Type; the framework's refusal would not name the accepted types. */
export const checkContentType = (
  { 'content-type': header }: IncomingHttpHeaders,
  known: readonly string[],
): void => {
  if (header === undefined || known.includes(header)) return;
  if (!WELL_FORMED.test(header)) checkMediaType(header, known);
};

/** Throws 415 for a media type that is not among those, or for text that is not UTF-8. */
export const checkMediaType = (header: string | undefined, known: readonly string[]): void => {
  if (header !== undefined && known.includes(header)) return;
  const type = mediaTypeOf(header);
  if (!known.includes(type)) {
    const given = type === '' ? 'the request has no Content-Type' : `${type} is not accepted here`;
    throw unsupported(`${given}; send ${known.join(', ')}`, known);
  }
  for (const [, charset = ''] of (header ?? '').matchAll(CHARSET))
    if (!UTF8.test(charset))
      throw unsupported(`a body in ${charset.slice(0, 100)} is not supported; send UTF-8`, known);
};

/** The answer's headers also name the accepted types (RFC 9110, section 12.5.1; Accept-Post of POST). */
const unsupported = (detail: string, known: readonly string[]): ApiProblem => {
  const taken = known.join(', ');
  return new ApiProblem(
    'media_type_unsupported',
    detail,
    { field: 'Content-Type' },
    { Accept: taken, 'Accept-Post': taken },
  );
};
