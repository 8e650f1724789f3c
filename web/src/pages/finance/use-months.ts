/** The months of finance, the newest first. */
import { useLedgerQuery } from '../../ledger/queries.ts';

/** So many months are shown: ten years. */
const MONTHS = 120;

export const useMonths = () =>
  useLedgerQuery(['ledger', 'finance', 'months'], ({ client, after, signal }) =>
    client.getFinanceMonths({ after, limit: MONTHS }, { signal }),
  );
