/** Parts of a request, parsed by their route's schemas. */
import type * as z from 'zod';
import { brokenTextIn, NOT_WELL_FORMED } from '../edge/well-formed.ts';
import { ApiProblem } from './problem.ts';
import { nothing } from './shapes.ts';

/** What a route gets that takes nothing: what came is not even looked at. */
const NOTHING = Object.freeze({});

/** Parses a part of a request; throws `invalid_request` with the field and the rule. */
export const parsed = (schema: z.ZodType, value: unknown, where: string): unknown => {
  if (schema === nothing) return NOTHING;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') || where || 'request';
  throw new ApiProblem('invalid_request', `${field}: ${issue?.message ?? 'is malformed'}`, { field });
};

/** Parses a body. One of any shape is judged by its handler, part by part. */
export const bodyOf = (schema: z.ZodType, value: unknown): unknown => {
  const field = schema.type === 'unknown' ? null : brokenTextIn(value);
  if (field !== null)
    throw new ApiProblem('invalid_request', `${field || 'body'}: ${NOT_WELL_FORMED}`, {
      field: field || 'body',
    });
  return parsed(schema, value, 'body');
};
