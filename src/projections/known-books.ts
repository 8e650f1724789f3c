/** The price books that a projection keeps as rows, as a catalogue: made once, and again when another was published. */
import * as z from 'zod';
import { type Catalogue, catalogueFrom, type Edition } from '../domain/catalogue.ts';
import type { PriceBook } from '../domain/price-book.ts';
import { priceBookSchema } from '../domain/price-book-schema.ts';

export const booksView = z.strictObject({ digests: z.array(z.string()).readonly() });
export type BooksView = Readonly<z.infer<typeof booksView>>;
export interface BookView {
  readonly book: PriceBook;
}
export const bookView: z.ZodType<BookView> = z.strictObject({ book: priceBookSchema });

/** The latest: books are named by their content, so it is the same whichever ledger it is made for. */
let latest: { readonly name: string; readonly catalogue: Catalogue } | null = null;

/** The catalogue of published books, in their order. `bookOf` reads a book by its digest. */
export const catalogueOf = (
  { digests }: BooksView,
  bookOf: (digest: string) => BookView | undefined,
): Catalogue => {
  const name = digests.join(' ');
  if (latest?.name !== name) {
    const editions = digests.flatMap((digest): Edition[] => {
      const known = bookOf(digest);
      return known ? [{ book: known.book, digest }] : [];
    });
    latest = { name, catalogue: catalogueFrom(editions) };
  }
  return latest.catalogue;
};
