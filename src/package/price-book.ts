/**
 * `suanpan/price-book`: price books for programs that create, check or read them. The types describe the body of
 * `PUT /v1/price-books/{product}/{edition}` and the files in `price-books/`.
 */
import { exampleProblemsInSteps } from '../domain/book-examples.ts';
import { calendarOf } from '../domain/calendar.ts';
import { canonicalJson } from '../domain/canonical.ts';
import { type PriceBook, type PriceBookFile, partsOf } from '../domain/price-book.ts';
import { bookProblems } from '../domain/price-book-problems.ts';
import { type Cliff, cliffs } from '../domain/price-cliffs.ts';
import { atOnce } from '../domain/steps.ts';
import { parseBook } from '../input/price-book-input.ts';
import { sha256 } from '../integrity/sha256.ts';

export type {
  Allowance,
  BookExample,
  FreezePolicy,
  Interface,
  Ladder,
  Meter,
  Name,
  NoticePolicy,
  Pool,
  PriceBook,
  PriceBookFile,
  Tier,
} from '../domain/price-book.ts';
export type { PackForSale } from '../domain/price-book-packs.ts';
export type { Cliff } from '../domain/price-cliffs.ts';

/** A reason why a book cannot be published: the location, and the rule. */
export interface BookProblem {
  readonly path: string;
  readonly message: string;
}

export type CheckedBook =
  /** `warnings`: quantities at which one more call lowers the bill. */
  | { readonly ok: true; readonly book: PriceBookFile; readonly warnings: readonly Cliff[] }
  | { readonly ok: false; readonly problems: readonly BookProblem[] };

const DEFAULT_ZONE = 'Asia/Shanghai';

/**
 * Checks a value, for example parsed JSON, as publishing does, and runs the book's examples in a billing zone (default
 * Asia/Shanghai). Does not throw, whatever the value.
 */
export const checkPriceBook = (value: unknown, zone = DEFAULT_ZONE): CheckedBook => {
  const parsed = parseBook(value);
  if (!parsed.ok) return parsed;
  const { book } = parsed;
  const unsound = bookProblems(book);
  const problems =
    unsound.length > 0
      ? unsound
      : atOnce(exampleProblemsInSteps(book, book.examples ?? [], calendarOf(zone))).map(
          ({ path, message }) => ({ path, message }),
        );
  return problems.length > 0 ? { ok: false, problems } : { ok: true, book, warnings: cliffs(book) };
};

/** The digest of a book: SHA-256, in hex, of its canonical JSON (RFC 8785), without its examples. */
export const priceBookDigest = (file: PriceBook): string => sha256(canonicalJson(partsOf(file).book));
