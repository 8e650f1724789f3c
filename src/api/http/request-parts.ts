/** Parses parts of a request by the route's schemas; anything unknown is refused, never ignored. */
import type { IncomingHttpHeaders } from 'node:http';
import type * as z from 'zod';
import { isBinaryEvent } from '../../input/event-binary.ts';
import { inputProblem } from '../../input/input-problem.ts';
import { checkMediaType, JSON_BODIES, NDJSON_TYPE } from './body/media-type.ts';
import { BODY_MAX, jsonOf } from './body/parsers.ts';
import type { Incoming } from './body/request-body.ts';
import { ApiProblem } from './problems/problem.ts';
import type { Route } from './route.ts';

/** Parses a part of a request; throws `invalid_request` with the field, the rule, and the nearest known name. */
export const parsed = (schema: z.ZodType, value: unknown, whole: string): unknown => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { field, message, ...meant } = inputProblem(schema, result.error, value, whole);
  throw new ApiProblem('invalid_request', `${field}: ${message}`, { field, ...meant });
};

/** Parses the query; a repeated parameter is refused, since no route takes a list. */
export const queryOf = (schema: z.ZodType, value: unknown): unknown => {
  for (const [field, given] of Object.entries(value ?? {}))
    if (Array.isArray(given))
      throw new ApiProblem('invalid_request', `${field}: given more than once`, { field });
  return parsed(schema, value, 'query');
};

/** Throws if a read has a body, which would be ignored. */
export const checkNoBody = (headers: IncomingHttpHeaders): void => {
  if (Number(headers['content-length'] ?? 0) === 0 && headers['transfer-encoding'] === undefined) return;
  throw new ApiProblem('invalid_request', 'body: a read takes none', { field: 'body' });
};

/** Throws if a request without an Idempotency-Key would take effect twice when it is retried. */
export const checkHasKey = (headers: IncomingHttpHeaders): void => {
  if (headers['idempotency-key'] !== undefined) return;
  throw new ApiProblem(
    'idempotency_key_missing',
    'give an Idempotency-Key: the same key again is harmless (a dry run needs none)',
    { field: 'Idempotency-Key' },
  );
};

/**
 * Parses a JSON body, a long one in steps; usage is passed on as bytes. A route without a body accepts an empty object.
 */
export const bodyOf = ({ body, bodies }: Route, whole: Uint8Array | null): unknown => {
  if (whole === null || bodies !== JSON_BODIES) return whole;
  const value = jsonOf(whole);
  const taken = (json: unknown) => (body === null ? noBody(json) : parsed(body, json, 'body'));
  return value instanceof Promise ? value.then(taken) : taken(value);
};

/** Reads a route's body; null if it streams. Throws 415 for an unsupported type, before reading it. */
export const wholeBody = async (
  { bodies }: Route,
  incoming: Incoming,
  headers: IncomingHttpHeaders,
): Promise<Uint8Array | null> => {
  if (bodies === JSON_BODIES) {
    if (!incoming.isPresent) return NO_BYTES;
    checkMediaType(headers['content-type'], bodies);
    return incoming.readAll(BODY_MAX);
  }
  // An event in binary mode has data of its own type, which is judged with it.
  if (!isBinaryEvent(headers) || incoming.type.startsWith('application/cloudevents'))
    checkMediaType(headers['content-type'], bodies);
  else return incoming.readAll(BODY_MAX);
  return incoming.type === NDJSON_TYPE ? null : incoming.readAll(BODY_MAX);
};
const NO_BYTES = new Uint8Array(0);

const noBody = (value: unknown): undefined => {
  if (value === undefined) return;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const [field] = isObject ? Object.keys(value) : ['body'];
  if (field === undefined) return;
  const detail = isObject ? `${field}: unknown; none is taken here` : 'body: none is taken here';
  throw new ApiProblem('invalid_request', detail, { field });
};
