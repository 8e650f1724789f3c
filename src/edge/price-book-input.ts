/**
 * A price book as somebody sends it: parsed, with what keeps it from being published. Junk costs no more than a book:
 * lists that are too long are found before a schema looks at their entries.
 */
import { countProblems, type Problem } from '../domain/book-bounds.ts';
import type { PriceBook } from '../domain/price-book.ts';
import { priceBookSchema } from '../domain/price-book-schema.ts';
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
  const problems = parsed.error.issues.map((issue) => {
    const { field, message } = issueProblem(priceBookSchema, issue, value, 'body');
    return { path: field, message: message.length > SHOWN ? `${message.slice(0, SHOWN)}…` : message };
  });
  return { ok: false, problems };
};
