/** Body parsing: nothing is read before the request is admitted; JSON is parsed strictly; usage is streamed. */
import type { FastifyInstance } from 'fastify';
import { inTurns, nextTurn, openPauses } from '../../../async/pauses.ts';
import { DEPTH_MAX } from '../../../text/json-faults.ts';
import { jsonInSteps } from '../../../text/json-in-steps.ts';
import { shapeProblem } from '../../../text/json-shape.ts';
import { type StrictJson, strictJson } from '../../../text/strict-json.ts';
import { utf8InSteps, utf8Text, withoutMark } from '../../../text/utf8.ts';
import { ApiProblem } from '../problems/problem.ts';
import { USAGE_BODIES } from './media-type.ts';

/** Bytes of a body, inflated. */
export const BODY_MAX = 10 * 1024 * 1024;
/** Bytes of a body that is parsed at once; longer ones are parsed in steps. */
const AT_ONCE = 64 * 1024;
/** Characters that are parsed without checking their shape first. */
const SURELY_SMALL = 16 * 1024;

/**
 * Limits that no valid body exceeds; parsing more would delay other requests. A price book of maximum size has 560,000
 * values, and 20,000 in a list at most. No string, number or list in it is longer than a body that is parsed at once
 * could have.
 */
const SHAPE_MAX = {
  ...{ depth: DEPTH_MAX, values: 600_000, members: 1_000, entries: AT_ONCE / 2, characters: AT_ONCE },
};

/** Passes every body on as a stream, for code that has the request's key, route and limits. */
export const addParsers = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers();
  // Fast path for the most frequent types, without parsing the header.
  for (const types of [[...USAGE_BODIES], '*'])
    app.addContentTypeParser(types, (_request, payload, done) => done(null, payload));
};

/**
 * A body's JSON, or a promise of it if it is parsed in steps; undefined for an empty one. Throws 400 if it is not JSON,
 * or JSON.parse would lose information.
 */
export const jsonOf = (bytes: Uint8Array): unknown => {
  if (bytes.length === 0) return undefined;
  const unmarked = withoutMark(bytes);
  return bytes.length > AT_ONCE ? inSteps(unmarked) : atOnce(unmarked);
};

const atOnce = (bytes: Uint8Array): unknown => {
  const text = utf8Text(bytes);
  if (text === null) throw notUtf8();
  const problem = text.length > SURELY_SMALL ? shapeProblem(text, SHAPE_MAX) : null;
  if (problem !== null)
    throw malformed('body', problem.replace(/^(?=nested)/, 'is ').replace(/^(?=more)/, 'has '));
  return readFrom(strictJson(text));
};

const inSteps = async (bytes: Uint8Array): Promise<unknown> => {
  // To receive them was a turn.
  await nextTurn();
  if (!(await inTurns(utf8InSteps(bytes), openPauses(1)))) throw notUtf8();
  return readFrom(await inTurns(jsonInSteps(bytes, SHAPE_MAX)));
};

const notUtf8 = (): ApiProblem => malformed('body', 'is not UTF-8');

const readFrom = (json: StrictJson): unknown => {
  if (json.ok) return json.value;
  throw malformed(json.fault.field || 'body', json.fault.detail);
};

const malformed = (field: string, why: string): ApiProblem =>
  new ApiProblem('invalid_request', `${field}: ${why}`, { field });
