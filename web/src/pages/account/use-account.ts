/** The account that a page is about. */
import { useAccountQuery } from './moment/moment.tsx';

export const useAccount = (account: string) =>
  useAccountQuery(account, ['state'], ({ client, after, at, signal }) =>
    client.getAccountsOne(account, { after, ...at }, { signal }),
  );
