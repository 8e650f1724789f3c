/** What time it is on the page: the ledger's, or that of the moment it shows. */
import { useState } from 'react';
import { useLedgerQuery } from '../../../ledger/queries.ts';
import { useSession } from '../../../session/session.tsx';
import { useMoment } from './moment.tsx';

/** The ledger's clock, in milliseconds: a test clock's instant, or the time at which this was first asked for. */
export const useNow = (): number => {
  const { ledger } = useSession();
  const isTest = ledger.clock === 'test';
  const { data } = useLedgerQuery(
    ['ledger', 'clock'],
    ({ client, signal }) => client.getClock({ signal }),
    isTest,
  );
  const [opened] = useState(() => Date.now());
  return isTest ? Date.parse(data?.now ?? ledger.now) : opened;
};

/** The instant that the page shows; null for a position, whose instant is not known. */
export const useShownInstant = (): number | null => {
  const now = useNow();
  const { query } = useMoment();
  if (query.asOfPosition !== undefined) return null;
  const shown = query.asOf === undefined ? now : Date.parse(query.asOf);
  return Number.isNaN(shown) ? null : shown;
};
