/** The explanation of a bill. A bill never changes once issued, and neither does what made it. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { Explanation } from '../../../../client/suanpan.ts';
import { useLedgerQuery } from '../../ledger/queries.ts';

export const useExplanation = (account: string, month: string): UseQueryResult<Explanation> =>
  useLedgerQuery(['fixed', 'explanation', account, month], ({ client, signal }) =>
    client.getAccountsBillsExplain(account, month, {}, { signal }),
  );
