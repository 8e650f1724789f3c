/** Interfaces that count calls: those of the shipped books, and of books that a test makes without measures. */
import { isMeasured } from '../../src/domain/charging.ts';
import type { CountedInterface, Interface, PriceBook } from '../../src/domain/price-book.ts';

export const countedIn = (book: Pick<PriceBook, 'interfaces'>): readonly CountedInterface[] =>
  book.interfaces.map(asCounted);

export const asCounted = (one: Interface): CountedInterface => {
  if (isMeasured(one)) throw new Error(`${one.id} has measures`);
  return one;
};
