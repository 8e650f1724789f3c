/**
 * How pages read the ledger. A query's key says what may change it: `['ledger', …]` any event, `['account', ID, …]` an
 * event of that account, `['fixed', …]` nothing (an issued bill, an edition).
 */
import { keepPreviousData, QueryClient, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { Refused, type Suanpan } from '../../../client/suanpan.ts';
import { useSession } from '../session/session.tsx';
import { useLive } from './live.tsx';

/** The client repeats by itself what the server answers with "later". */
export const openQueries = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, error) => !(error instanceof Refused) && failures < 2,
        refetchOnWindowFocus: false,
        staleTime: 30_000,
      },
    },
  });

type Scoped = readonly ['ledger' | 'account' | 'fixed', ...parts: unknown[]];

/** What a read gets: the client, and a position that it must have reached to show the last event seen. */
export interface Reading {
  readonly client: Suanpan;
  readonly after: string | undefined;
  readonly signal: AbortSignal;
}

/** Reads the ledger, and again when an event may have changed the result; the earlier data stays until then. */
export const useLedgerQuery = <Data>(
  key: Scoped,
  read: (reading: Reading) => Promise<Data>,
  isEnabled = true,
): UseQueryResult<Data> => {
  const { client } = useSession();
  const live = useLive();
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => read({ client, after: live.position(), signal }),
    enabled: isEnabled,
    placeholderData: keepPreviousData,
    ...(key[0] === 'fixed' ? { staleTime: Number.POSITIVE_INFINITY } : {}),
  });
};
