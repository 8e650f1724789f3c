/** One of the shipped books, by name. */

import type { PriceBook } from '../../src/domain/price-book.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';

/** The book of a product's edition. Throws where none is shipped. */
export const bookOf = (product: string, edition = '2019-01'): PriceBook => {
  const book = shippedPriceBooks().find((one) => one.product === product && one.edition === edition);
  if (!book) throw new Error(`no book ${product} ${edition}`);
  return book;
};
