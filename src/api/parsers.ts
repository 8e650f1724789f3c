/** Bodies: JSON in UTF-8 of the kinds the interface knows; NDJSON is handed on as it streams in. */
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { DEPTH_MAX, isDeep } from '../edge/well-formed.ts';
import { ApiProblem } from './problem.ts';

const JSON_TYPES = [
  'application/json',
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
  'application/merge-patch+json',
];

/**
 * Adds the parsers; other content types are answered with 415. `refusal` says why a body that has come is not even
 * parsed: to refuse must cost less than to work.
 */
export const addParsers = (app: FastifyInstance, refusal: () => ApiProblem | null): void => {
  app.removeAllContentTypeParsers();
  for (const type of JSON_TYPES) {
    app.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => {
      const refused = refusal();
      if (refused) return done(refused);
      try {
        done(null, parsedJson(body as Buffer));
      } catch (error) {
        done(error as Error);
      }
    });
  }
  app.addContentTypeParser(
    'application/x-ndjson',
    { bodyLimit: Number.MAX_SAFE_INTEGER },
    (_request, payload, done) => done(null, payload),
  );
};

/** A body's JSON; undefined for an empty one. */
const parsedJson = (body: Buffer): unknown => {
  if (body.length === 0) return undefined;
  if (!isUtf8(body)) throw malformed('is not UTF-8');
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw malformed(`is no JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (isDeep(json)) throw malformed(`is nested more than ${DEPTH_MAX} deep`);
  return json;
};

const malformed = (why: string): ApiProblem =>
  new ApiProblem('invalid_request', `body: ${why}`, { field: 'body' });
