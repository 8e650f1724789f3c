/** Lists that the API answers in pages. */
import {
  type InfiniteData,
  keepPreviousData,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
} from '@tanstack/react-query';
import { useSession } from '../session/session.tsx';
import { useLive } from './live.tsx';
import type { Reading } from './queries.ts';

export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

export interface PagedReading extends Reading {
  readonly cursor: string | undefined;
}

export type PagedQuery<Item> = UseInfiniteQueryResult<InfiniteData<Listed<Item>>>;

/**
 * Reads a list page by page, the next one on request; keys mean what they mean in `useLedgerQuery`. `keepsEarlier`: what
 * was asked for before is shown until the new list is there.
 */
export const useLedgerPages = <Item>(
  key: readonly ['ledger' | 'account', ...parts: unknown[]],
  read: (reading: PagedReading) => Promise<Listed<Item>>,
  { keepsEarlier = false }: { readonly keepsEarlier?: boolean } = {},
): PagedQuery<Item> => {
  const { client } = useSession();
  const live = useLive();
  return useInfiniteQuery({
    queryKey: key,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => read({ client, after: live.position(), signal, cursor: pageParam }),
    getNextPageParam: ({ next }) => next ?? undefined,
    ...(keepsEarlier ? { placeholderData: keepPreviousData } : {}),
  });
};

/** The items of all pages read so far. */
export const itemsOf = <Item>(data: InfiniteData<Listed<Item>>): readonly Item[] =>
  data.pages.flatMap(({ items }) => items);
