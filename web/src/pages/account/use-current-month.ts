/** The month that the account is in. */
import { useAccountQuery } from './moment/moment.tsx';

/** The first open month, as the estimate has it; null while it is not known. */
export const useCurrentMonth = (account: string): string | null =>
  useAccountQuery(account, ['estimate'], ({ client, after, at, signal }) =>
    client.getAccountsEstimate(account, { after, ...at }, { signal }),
  ).data?.month ?? null;
