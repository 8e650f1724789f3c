/** Bodies: none is read before its request is admitted; JSON is read strictly, usage is handed on. */
import type { FastifyInstance } from 'fastify';
import { DEPTH_MAX } from '../../text/json-faults.ts';
import { shapeProblem } from '../../text/json-shape.ts';
import { strictJson } from '../../text/strict-json.ts';
import { utf8Text } from '../../text/utf8.ts';
import { USAGE_BODIES } from './media-type.ts';
import { ApiProblem } from './problem.ts';

/** Bytes of a body. What an append may hold is less; usage alone comes in batches. */
export const JSON_MAX = 1024 * 1024;
export const USAGE_MAX = 10 * 1024 * 1024;

/**
 * What no body of a command or of a price book is: looked at before a value is made of it, since to make an object of a
 * hundred thousand members and to look at each would keep others waiting. A mebibyte of the shortest packs has 228,000
 * values.
 */
const SHAPE_MAX = { depth: DEPTH_MAX, values: 250_000, members: 1_000 };
/** Characters that are read without a look at their shape. */
const SURELY_SMALL = 16 * 1024;

/** Hands every body on as a stream: what reads it knows its key, its route and its limits. */
export const addParsers = (app: FastifyInstance): void => {
  app.removeAllContentTypeParsers();
  // Those that are sent by far the most are found without parsing the header.
  for (const types of [[...USAGE_BODIES], '*'])
    app.addContentTypeParser(types, (_request, payload, done) => done(null, payload));
};

/** A body's JSON; undefined for an empty one. Throws 400 for one that is not JSON, or says more than JSON.parse keeps. */
export const jsonOf = (bytes: Uint8Array): unknown => {
  if (bytes.length === 0) return undefined;
  const text = utf8Text(bytes);
  if (text === null) throw malformed('body', 'is not UTF-8');
  const problem = text.length > SURELY_SMALL ? shapeProblem(text, SHAPE_MAX) : null;
  if (problem !== null)
    throw malformed('body', problem.replace(/^(?=nested)/, 'is ').replace(/^(?=more)/, 'has '));
  const json = strictJson(text.replace(/^\ufeff/, ''));
  if (json.ok) return json.value;
  throw malformed(json.fault.field || 'body', json.fault.detail);
};

const malformed = (field: string, why: string): ApiProblem =>
  new ApiProblem('invalid_request', `${field}: ${why}`, { field });
