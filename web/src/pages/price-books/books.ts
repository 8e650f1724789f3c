/** Published editions and their books. A book never changes once it is published; another may be published any time. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { PriceBook, Suanpan } from '../../../../client/suanpan.ts';
import { useLedgerQuery } from '../../ledger/queries.ts';
import { useLanguage } from '../../messages/language.tsx';
import { useSession } from '../../session/session.tsx';

export type Edition = Awaited<ReturnType<Suanpan['getPriceBooks']>>['items'][number];
export type Cliff = Awaited<ReturnType<Suanpan['postPriceBooksLint']>>['warnings'][number];
export type Meter = PriceBook['meters'][number];
export type Named = { readonly zh: string; readonly en: string };

const PAGE = 1_000;

/** All editions, by product as first published, each product's in the order in which they take effect. */
export const useEditions = (): UseQueryResult<readonly Edition[]> =>
  useLedgerQuery(['ledger', 'price-books'], async ({ client, after, signal }) => {
    const editions: Edition[] = [];
    let cursor: string | undefined;
    do {
      const { items, next } = await client.getPriceBooks({ after, cursor, limit: PAGE }, { signal });
      editions.push(...items);
      cursor = next ?? undefined;
    } while (cursor !== undefined);
    return [...Map.groupBy(editions, ({ product }) => product).values()].flatMap((own) =>
      own.sort((a, b) => a.effectiveFrom.localeCompare(b.effectiveFrom)),
    );
  });

/** The book of an edition; nothing is read without one. */
export const useBook = (edition: Edition | undefined): UseQueryResult<PriceBook> =>
  useLedgerQuery(
    ['fixed', 'price-book', edition?.digest],
    ({ client, signal }) =>
      client.getPriceBooksOne(edition?.product ?? '', edition?.edition ?? '', { signal }),
    edition !== undefined,
  );

/** A name in the page's language. */
export const useNamed = (): ((name: Named) => string) => {
  const { language } = useLanguage();
  return (name) => name[language];
};

/** Whether this key may publish editions. */
export const useMayDraft = (): boolean => {
  const { accounts, may } = useSession();
  return accounts === null && may('admin');
};
