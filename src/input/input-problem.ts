/**
 * What is wrong with an input, from the issues of a schema: the field, the rule, and the name that was perhaps meant.
 */
import type * as z from 'zod';
import { nearest } from '../text/nearest.ts';
import { fieldsAt } from './schema-walk.ts';

/** What is wrong with an input: the field, as a path with dots, and the rule it breaks. */
export interface InputProblem {
  readonly field: string;
  readonly message: string;
  /** The known name or value nearest to an unknown one. */
  readonly nearest?: string;
}

const NAME_SHOWN = 100;

type Issue = z.core.$ZodIssue;

/**
 * The first thing that a schema found wrong with a value; `whole` names the value itself. A name that is not known
 * comes before one that is missing: the one is often meant to be the other.
 */
export const inputProblem = (
  schema: z.ZodType,
  { issues }: z.ZodError,
  value: unknown,
  whole: string,
): InputProblem =>
  issueProblem(schema, issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0], value, whole);

/** One thing that a schema found wrong with a value. */
export const issueProblem = (
  schema: z.ZodType,
  issue: Issue | undefined,
  value: unknown,
  whole: string,
): InputProblem => {
  const path = issue?.path ?? [];
  if (issue?.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys;
    return unknownName([...path, name].join('.'), name, fieldsAt(schema, path));
  }
  const field = path.join('.') || whole;
  const message = issue?.message ?? 'is malformed';
  if (issue?.code !== 'invalid_value') return { field, message };
  const given = valueAt(value, path);
  const meant = typeof given === 'string' ? nearest(given, issue.values.map(String)) : null;
  return { field, ...messageWith(message, meant) };
};

const unknownName = (field: string, name: string, known: readonly string[]): InputProblem => {
  const all = known.length === 0 ? 'none is taken here' : `known are ${known.join(', ')}`;
  return { field: field.slice(0, NAME_SHOWN), ...messageWith(`unknown; ${all}`, nearest(name, known)) };
};

const messageWith = (message: string, meant: string | null) =>
  meant === null ? { message } : { message: `${message}; did you mean ${meant}?`, nearest: meant };

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, step) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, step) : undefined),
    value,
  );
