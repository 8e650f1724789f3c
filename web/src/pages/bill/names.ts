/** Names of products, meters and pools in the page's language, as the price books of a bill have them. */
import { useMemo } from 'react';
import type { Bill, PriceBook } from '../../../../client/suanpan.ts';
import { type Language, useLanguage } from '../../messages/language.tsx';
import { useFromSource } from './source.tsx';

export interface Names {
  /** The id itself where no book has a name. */
  readonly product: (id: string) => string;
  readonly meter: (id: string) => string;
  readonly pool: (id: string) => string;
  readonly interface: (id: string) => string;
}

type Editions = Bill['priceBooks'];

/** Until the books have come, the names are the ids. */
export const useNames = (editions: Editions): Names => {
  const { language } = useLanguage();
  const { data: books } = useFromSource(
    ['price-books', ...editions.map(({ digest }) => digest)],
    (source, signal) => source.books(editions, signal),
  );
  return useMemo(() => namesIn(books ?? [], language), [books, language]);
};

type Named = { readonly id: string; readonly name: { readonly zh: string; readonly en: string } };

const namesIn = (books: readonly PriceBook[], language: Language): Names => {
  const of = (named: readonly Named[]): ((id: string) => string) => {
    const names = new Map(named.map(({ id, name }) => [id, name[language]]));
    return (id) => names.get(id) ?? id;
  };
  return {
    product: of(books.map(({ product, name }) => ({ id: product, name }))),
    meter: of(books.flatMap(({ meters }) => meters)),
    pool: of(books.flatMap(({ pools }) => pools)),
    interface: of(books.flatMap(({ interfaces }) => interfaces)),
  };
};
