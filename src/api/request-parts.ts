/** Parts of a request, parsed by their route's schemas: what a route does not know is refused, never ignored. */
import type * as z from 'zod';
import { inputProblem } from '../edge/input-problem.ts';
import { brokenTextIn, NOT_WELL_FORMED } from '../edge/well-formed.ts';
import { ApiProblem } from './problem.ts';
import type { Route } from './route.ts';

/** Parses a part of a request; throws `invalid_request` with the field, the rule, and the nearest known name. */
export const parsed = (schema: z.ZodType, value: unknown, whole: string): unknown => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { field, message, ...meant } = inputProblem(schema, result.error, value, whole);
  throw new ApiProblem('invalid_request', `${field}: ${message}`, { field, ...meant });
};

/** Parses the query; a parameter that was given more than once is refused, since no route takes a list of them. */
export const queryOf = (schema: z.ZodType, value: unknown): unknown => {
  for (const [field, given] of Object.entries(value ?? {}))
    if (Array.isArray(given))
      throw new ApiProblem('invalid_request', `${field}: given more than once`, { field });
  return parsed(schema, value, 'query');
};

/** Parses a body. One that its handler judges is handed on as it is; a route that takes none takes an empty object. */
export const bodyOf = ({ body, bodyIsJudged }: Route, value: unknown): unknown => {
  if (body === null) return noBody(value);
  const field = bodyIsJudged ? null : brokenTextIn(value);
  if (field !== null)
    throw new ApiProblem('invalid_request', `${field || 'body'}: ${NOT_WELL_FORMED}`, {
      field: field || 'body',
    });
  return parsed(body, value, 'body');
};

const noBody = (value: unknown): undefined => {
  if (value === undefined) return;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const [field] = isObject ? Object.keys(value) : ['body'];
  if (field === undefined) return;
  const detail = isObject ? `${field}: unknown; none is taken here` : 'body: none is taken here';
  throw new ApiProblem('invalid_request', detail, { field });
};
