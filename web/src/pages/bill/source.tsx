/** Where the panes of a bill read: a ledger, or a file that has everything the bill was made from. */
import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { createContext, type ReactNode, use } from 'react';
import { Link } from 'wouter';
import type { Bill, PriceBook } from '../../../../client/suanpan.ts';
import type { Explanation } from '../../../../src/audit/explain/explain-bill.ts';
import type { RecordExplained } from '../../../../src/audit/explain/records.ts';
import type { EventRead, RecordsAsked } from '../../../../src/browser/read-bundle.ts';

export interface RecordsShown {
  readonly items: readonly RecordExplained[];
  readonly next: string | null;
}

export interface BillSource {
  /** Part of the keys under which answers are kept. */
  readonly name: string;
  /** A ledger has other pages to lead to, and knows what followed the bill's close. */
  readonly isLedger: boolean;
  readonly explanation: (account: string, month: string, signal: AbortSignal) => Promise<Explanation>;
  readonly records: (
    account: string,
    month: string,
    asked: RecordsAsked,
    signal: AbortSignal,
  ) => Promise<RecordsShown>;
  /** Null: there is no event at the revision. */
  readonly event: (account: string, revision: number, signal: AbortSignal) => Promise<EventRead | null>;
  readonly books: (editions: Bill['priceBooks'], signal: AbortSignal) => Promise<readonly PriceBook[]>;
}

const SourceContext = createContext<BillSource | null>(null);

export const SourceProvider = SourceContext.Provider;

export const useBillSource = (): BillSource => {
  const source = use(SourceContext);
  if (!source) throw new Error('there is no SourceProvider above');
  return source;
};

/** Reads what never changes once a bill is issued. */
export const useFromSource = <Data,>(
  key: readonly unknown[],
  read: (source: BillSource, signal: AbortSignal) => Promise<Data>,
): UseQueryResult<Data> => {
  const source = useBillSource();
  return useQuery({
    queryKey: ['fixed', source.name, ...key],
    queryFn: ({ signal }) => read(source, signal),
    staleTime: Number.POSITIVE_INFINITY,
    // A file is read without a connection.
    ...(source.isLedger ? {} : { networkMode: 'always' as const }),
    placeholderData: keepPreviousData,
  });
};

/** A link to another page of the ledger; where there is no ledger, what it would be on. */
export const Elsewhere = ({ href, children }: { readonly href: string; readonly children: ReactNode }) =>
  useBillSource().isLedger ? <Link href={href}>{children}</Link> : <span>{children}</span>;
