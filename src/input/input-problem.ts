/** Describes invalid input from the issues of a schema: the field, the rule, and a suggested name. */
import type * as z from 'zod';
import { nearest } from '../text/nearest.ts';
import { fieldsAt, formsAt } from './schema-walk.ts';

/** A problem of an input: the field, as a path with dots, and the rule it breaks. */
export interface InputProblem {
  readonly field: string;
  readonly message: string;
  /** The known name or value nearest to an unknown one. */
  readonly nearest?: string;
}

const NAME_SHOWN = 100;

type Issue = z.core.$ZodIssue;

/**
 * The first issue of a value; `whole` names the value itself. An unknown name comes before a missing one, because it is
 * often a misspelling of it.
 */
export const inputProblem = (
  schema: z.ZodType,
  { issues }: z.ZodError,
  value: unknown,
  whole: string,
): InputProblem =>
  issueProblem(schema, issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0], value, whole);

/** One issue of a value. */
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
  if (issue?.code === 'invalid_union' && issue.errors.length > 0)
    return formProblem(schema, issue, value, whole);
  const field = path.join('.') || whole;
  const message = issue?.message ?? 'is malformed';
  if (issue?.code !== 'invalid_value') return { field, message };
  const given = valueAt(value, path);
  const meant = typeof given === 'string' ? nearest(given, issue.values.map(String)) : null;
  return { field, ...messageWith(message, meant) };
};

/** What has several forms is described by the form that it is nearest to. */
const formProblem = (
  schema: z.ZodType,
  { path, errors }: Extract<Issue, { code: 'invalid_union' }>,
  value: unknown,
  whole: string,
): InputProblem => {
  const fewest = Math.min(...errors.map(({ length }) => length));
  const nearestForm = errors.findIndex(({ length }) => length === fewest);
  const issues = errors[nearestForm] ?? [];
  const form = formsAt(schema, path)[nearestForm] ?? schema;
  const first = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  const { field, ...problem } = issueProblem(form, first, valueAt(value, path), '');
  return { ...problem, field: [...path.map(String), field].filter(Boolean).join('.') || whole };
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
