/**
 * A price book as it is sent: parsed, with what keeps it from being published. Junk costs no more than a book:
 * lists that are too long are found before a schema looks at their entries.
 */
import type * as z from 'zod';
import type { PriceBook } from '../domain/price-book.ts';
import { bookEntries, countProblems, type Problem } from '../domain/price-book-bounds.ts';
import { entrySchemas, priceBookSchema } from '../domain/price-book-schema.ts';
import { issueProblem } from './input-problem.ts';

export type BookInput =
  | { readonly ok: true; readonly book: PriceBook }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Characters of one message that are shown: a message may quote what was sent. */
const SHOWN = 300;

/** Parses a book. Says of one that is not well-formed JSON of a book what is wrong with it, in any case something. */
export const parseBook = (value: unknown): BookInput => {
  const tooMany = countProblems(value);
  if (tooMany.length > 0) return { ok: false, problems: tooMany };
  const parsed = priceBookSchema.safeParse(value);
  if (parsed.success) return { ok: true, book: parsed.data };
  return { ok: false, problems: problemsIn(priceBookSchema, parsed.error, value) };
};

/** Lets others have their turn where it is due: null while it is not. */
type Pause = () => Promise<void> | null;

/**
 * Parses a book as `parseBook` does, for a server: others have their turns between, and one that is junk is not looked
 * at to its end: where there are more than `most` problems in its entries, only those that were found are reported.
 */
export const parseBookInTurns = async (value: unknown, pause: Pause, most: number): Promise<BookInput> => {
  const tooMany = countProblems(value);
  if (tooMany.length > 0) return { ok: false, problems: tooMany };
  const problems: Problem[] = [];
  for (const { list, entry, path } of bookEntries(value)) {
    const schema = entrySchemas[list];
    const parsed = schema.safeParse(entry);
    if (!parsed.success)
      for (const problem of problemsIn(schema, parsed.error, entry))
        problems.push({ ...problem, path: problem.path === '' ? path : `${path}.${problem.path}` });
    if (problems.length > most) return { ok: false, problems };
    const turn = pause();
    if (turn) await turn;
  }
  return parseBook(value);
};

const problemsIn = (schema: z.ZodType, { issues }: z.ZodError, value: unknown): Problem[] =>
  issues.map((issue) => {
    const { field, message } = issueProblem(schema, issue, value, schema === priceBookSchema ? 'body' : '');
    return { path: field, message: message.length > SHOWN ? `${message.slice(0, SHOWN)}…` : message };
  });
