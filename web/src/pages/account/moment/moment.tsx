/** The moment that the page shows the account at, in its address: an instant, a position of the ledger, or now. */
import { useMemo } from 'react';
import { useSearch } from 'wouter';
import { type Listed, type PagedQuery, type PagedReading, useLedgerPages } from '../../../ledger/pages.ts';
import { type Reading, useLedgerQuery } from '../../../ledger/queries.ts';

export interface Moment {
  /** For a read of the API: an instant, a position, or nothing. */
  readonly query: { readonly asOf?: string; readonly asOfPosition?: string };
  /** Whether it lies in the past. */
  readonly isThen: boolean;
  /** A link within the page's account, to the same moment. */
  readonly at: (path: string) => string;
}

export const useMoment = (): Moment => {
  const search = useSearch();
  return useMemo(() => {
    const given = new URLSearchParams(search);
    const asOf = given.get('asOf');
    const asOfPosition = given.get('asOfPosition');
    const query = {
      ...(asOf === null ? {} : { asOf }),
      ...(asOfPosition === null ? {} : { asOfPosition }),
    };
    const isThen = asOf !== null || asOfPosition !== null;
    const text = new URLSearchParams(query).toString();
    const at = (path: string): string => (isThen ? `${path}${path.includes('?') ? '&' : '?'}${text}` : path);
    return { query, isThen, at };
  }, [search]);
};

type At<Read> = Read & { readonly at: Moment['query'] };

/** Reads something of an account at the moment of the page; `key` tells it from others. */
export const useAccountQuery = <Data,>(
  account: string,
  key: readonly unknown[],
  read: (reading: At<Reading>) => Promise<Data>,
  isEnabled = true,
) => {
  const { query } = useMoment();
  return useLedgerQuery<Data>(
    ['account', account, ...key, query],
    (reading) => read({ ...reading, at: query }),
    isEnabled,
  );
};

/** The same for a list in pages. */
export const useAccountPages = <Item,>(
  account: string,
  key: readonly unknown[],
  read: (reading: At<PagedReading>) => Promise<Listed<Item>>,
): PagedQuery<Item> => {
  const { query } = useMoment();
  return useLedgerPages<Item>(['account', account, ...key, query], (reading) =>
    read({ ...reading, at: query }),
  );
};
