/** The month that the account is in. */
import { useLedgerQuery } from '../../ledger/queries.ts';

/** The first open month, as the estimate has it; null while it is not known. */
export const useCurrentMonth = (account: string): string | null =>
  useLedgerQuery(['account', account, 'estimate'], ({ client, after, signal }) =>
    client.getAccountsEstimate(account, { after }, { signal }),
  ).data?.month ?? null;
