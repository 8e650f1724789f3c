/** The ledger as the source of a bill's panes, read by the API. */
import { useMemo } from 'react';
import { useSession } from '../../session/session.tsx';
import type { BillSource } from './source.tsx';

export const useLedgerSource = (): BillSource => {
  const { client } = useSession();
  return useMemo(
    () => ({
      name: 'ledger',
      isLedger: true,
      explanation: (account, month, signal) => client.getAccountsBillsExplain(account, month, {}, { signal }),
      records: (account, month, asked, signal) =>
        client.getAccountsBillsExplainRecords(account, month, asked, { signal }),
      event: async (account, revision, signal) => {
        const asked = { limit: 1, cursor: String(revision) };
        const { items } = await client.getAccountsEvents(account, asked, { signal });
        return items[0] ?? null;
      },
      books: (editions, signal) =>
        Promise.all(
          editions.map(({ product, edition }) => client.getPriceBooksOne(product, edition, { signal })),
        ),
    }),
    [client],
  );
};
