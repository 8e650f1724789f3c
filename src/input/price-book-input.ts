/**
 * Parses a submitted price book and finds its problems. Junk costs no more than a valid book: lists that are too long
 * are rejected before a schema checks their entries.
 */
import type * as z from 'zod';
import type { Meter, Pool, PriceBookFile } from '../domain/price-book.ts';
import { countProblems, listOf, memberOf, type Problem } from '../domain/price-book-bounds.ts';
import { entrySchemas, sentPriceBookSchema, withoutEntries } from '../domain/price-book-schema.ts';
import { issueProblem } from './input-problem.ts';

export type BookInput =
  | { readonly ok: true; readonly book: PriceBookFile }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Characters of a message that are shown, since a message may quote the input. */
const SHOWN = 300;

/** Parses a book. If it is not a well-formed book, returns at least one problem. */
export const parseBook = (value: unknown): BookInput => {
  const tooMany = countProblems(value);
  if (tooMany.length > 0) return { ok: false, problems: tooMany };
  const parsed = sentPriceBookSchema.safeParse(value);
  if (parsed.success) {
    const { $schema: _, ...book } = parsed.data;
    return { ok: true, book };
  }
  return { ok: false, problems: problemsIn(sentPriceBookSchema, parsed.error, value) };
};

/**
 * Like `parseBook`, one entry at a time: a generator, so that the caller can do other work at each yield. Stops after
 * more than `most` problems.
 */
export function* bookInSteps(value: unknown, most: number): Generator<undefined, BookInput> {
  const tooMany = countProblems(value);
  if (tooMany.length > 0) return { ok: false, problems: tooMany };
  const problems: Problem[] = [];
  const parsed = <Out>(schema: z.ZodType<Out>, own: unknown, ...path: (string | number)[]): Out | null => {
    const result = schema.safeParse(own);
    if (result.success) return result.data;
    const at = path.join('.');
    for (const problem of problemsIn(schema, result.error, own))
      problems.push({ ...problem, path: [at, problem.path].filter(Boolean).join('.') || 'body' });
    return null;
  };
  const entries = function* <Out>(
    schema: z.ZodType<Out>,
    list: readonly unknown[],
    path: string,
  ): Generator<undefined, Out[]> {
    const all: Out[] = [];
    for (const [i, entry] of list.entries()) {
      if (problems.length > most) break;
      const one = parsed(schema, entry, path, i);
      if (one !== null) all.push(one);
      yield;
    }
    return all;
  };

  const frame = parsed(withoutEntries.book, value);
  const meters: Meter[] = [];
  for (const [i, own] of listOf(value, 'meters').entries()) {
    if (problems.length > most) break;
    const meter = parsed(withoutEntries.meters, own, 'meters', i);
    const list = listOf(memberOf(own, 'ladder'), 'tiers');
    const tiers = yield* entries(entrySchemas.tiers, list, `meters.${i}.ladder.tiers`);
    if (meter) meters.push({ ...meter, ladder: { ...meter.ladder, tiers } });
    yield;
  }
  const pools: Pool[] = [];
  for (const [i, own] of listOf(value, 'pools').entries()) {
    if (problems.length > most) break;
    const pool = parsed(withoutEntries.pools, own, 'pools', i);
    const packs = yield* entries(entrySchemas.packs, listOf(own, 'packs'), `pools.${i}.packs`);
    if (pool) pools.push({ ...pool, packs });
    yield;
  }
  const interfaces = yield* entries(entrySchemas.interfaces, listOf(value, 'interfaces'), 'interfaces');
  const notes = yield* entries(entrySchemas.notes, listOf(value, 'notes'), 'notes');
  const examples = yield* entries(entrySchemas.examples, listOf(value, 'examples'), 'examples');
  if (frame === null || problems.length > 0) return { ok: false, problems };
  const { notes: noted, examples: proven, $schema: _, ...book } = frame;
  const own = { ...book, interfaces, pools, meters, ...(noted ? { notes } : {}) };
  return { ok: true, book: proven ? { ...own, examples } : own };
}

const problemsIn = (schema: z.ZodType, { issues }: z.ZodError, value: unknown): Problem[] =>
  issues.map((issue) => {
    const { field, message } = issueProblem(
      schema,
      issue,
      value,
      schema === sentPriceBookSchema ? 'body' : '',
    );
    return { path: field, message: message.length > SHOWN ? `${message.slice(0, SHOWN)}…` : message };
  });
