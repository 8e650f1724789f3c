/** The account that a page is about. */
import { useLedgerQuery } from '../../ledger/queries.ts';

export const useAccount = (account: string) =>
  useLedgerQuery(['account', account, 'state'], ({ client, after, signal }) =>
    client.getAccountsOne(account, { after }, { signal }),
  );
