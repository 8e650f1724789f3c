/** Published editions and their books. A book never changes once it is published; another may be published any time. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { PriceBook, Suanpan } from '../../../client/suanpan.ts';
import { useLanguage } from '../messages/language.tsx';
import { useSession } from '../session/session.tsx';
import { type Reading, useLedgerQuery } from './queries.ts';

export type Edition = Awaited<ReturnType<Suanpan['getPriceBooks']>>['items'][number];
export type Cliff = Awaited<ReturnType<Suanpan['postPriceBooksLint']>>['warnings'][number];
export type Meter = PriceBook['meters'][number];
export type Named = { readonly zh: string; readonly en: string };

const PAGE = 1_000;

/** All editions, by product as first published, each product's in the order in which they take effect. */
export const useEditions = (): UseQueryResult<readonly Edition[]> =>
  useLedgerQuery(['ledger', 'price-books'], readEditions);

/** The book of an edition; nothing is read without one. */
export const useBook = (edition: Edition | undefined): UseQueryResult<PriceBook> =>
  useLedgerQuery(
    ['fixed', 'price-book', edition?.digest],
    ({ client, signal }) =>
      client.getPriceBooksOne(edition?.product ?? '', edition?.edition ?? '', { signal }),
    edition !== undefined,
  );

/** What can be activated and bought now: each product's book that is in force in the month of the ledger's clock. */
export const useBooksInForce = (): UseQueryResult<readonly PriceBook[]> => {
  const { ledger } = useSession();
  return useLedgerQuery(['ledger', 'books in force'], async (reading) => {
    const { client, signal } = reading;
    const { now } = await client.getClock({ signal });
    const month = monthIn(ledger.zone, now);
    const inForce = new Map<string, string>();
    for (const { product, edition, effectiveFrom } of await readEditions(reading))
      if (effectiveFrom <= month) inForce.set(product, edition);
    return Promise.all(
      [...inForce].map(([product, edition]) => client.getPriceBooksOne(product, edition, { signal })),
    );
  });
};

/** Of two editions that take effect in one month the later published comes last. */
const readEditions = async ({ client, after, signal }: Reading): Promise<readonly Edition[]> => {
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
};

/** The month of an instant in a zone, as `2019-03`. */
const monthIn = (zone: string, now: string): string => {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
  }).formatToParts(new Date(now));
  const part = (wanted: 'year' | 'month'): string => parts.find(({ type }) => type === wanted)?.value ?? '';
  return `${part('year')}-${part('month')}`;
};

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
