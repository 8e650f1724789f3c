/** Saves a book as a file of JSON, from what the page has read. */
import type { PriceBook } from '../../../../../client/suanpan.ts';

/** Named as the shipped ones are: PRODUCT-EDITION.json. */
export const saveBook = (book: PriceBook): void => {
  const json = new Blob([`${JSON.stringify(book, null, 2)}\n`], { type: 'application/json' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(json);
  link.download = `${book.product}-${book.edition}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
};
