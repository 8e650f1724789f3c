/** Rows of views as the values that a projection has set: parsed by its schema on reading, never cast. */
import type * as z from 'zod';
import { type Views, ViewUnreadable } from './views.ts';

/** Rows of one shape, of a projection. */
export interface RowsOf<Value> {
  /** The projection's name. */
  readonly name: string;
  readonly schema: z.ZodType<Value>;
}

export interface Row<Value> {
  readonly key: string;
  readonly value: Value;
}

/** The value at a key; undefined if missing. Throws ViewUnreadable. */
export const viewAt = <Value>(
  views: Pick<Views, 'get'>,
  rows: RowsOf<Value>,
  key: string,
): Value | undefined => {
  const value = views.get(rows.name, key);
  return value === undefined ? undefined : parsed(rows, key, value);
};

/** Rows whose key starts with a prefix, ordered by key, at most `limit` after `after`. Throws ViewUnreadable. */
export const viewsUnder = <Value>(
  views: Pick<Views, 'list'>,
  rows: RowsOf<Value>,
  prefix: string,
  after: string | null,
  limit: number,
): readonly Row<Value>[] =>
  views
    .list(rows.name, prefix, after, limit)
    .map(({ key, value }) => ({ key, value: parsed(rows, key, value) }));

/** Rows whose key starts with a prefix, from the last one before `before` back. Throws ViewUnreadable. */
export const viewsBackwards = <Value>(
  views: Pick<Views, 'listBackwards'>,
  rows: RowsOf<Value>,
  prefix: string,
  before: string,
  limit: number,
): readonly Row<Value>[] =>
  views
    .listBackwards(rows.name, prefix, before, limit)
    .map(({ key, value }) => ({ key, value: parsed(rows, key, value) }));

const parsed = <Value>({ name, schema }: RowsOf<Value>, key: string, value: unknown): Value => {
  const read = schema.safeParse(value);
  // As it was set, with its members in their order: views are compared byte by byte.
  if (read.success) return value as Value;
  const [issue] = read.error.issues;
  throw new ViewUnreadable(
    name,
    key,
    `${issue?.path.join('.') || 'value'}: ${issue?.message ?? 'not valid'}`,
  );
};
