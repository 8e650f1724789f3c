/** What can be activated and bought now: the price books in force. */
import type { PriceBook } from '../../../client/suanpan.ts';
import { useLedgerQuery } from '../ledger/queries.ts';
import { useSession } from '../session/session.tsx';

/** The book of each product that is in force in the month of the ledger's clock. */
export const useBooksInForce = (isEnabled: boolean) => {
  const { ledger } = useSession();
  return useLedgerQuery(
    ['ledger', 'books in force'],
    async ({ client, signal }): Promise<readonly PriceBook[]> => {
      const { now } = await client.getClock({ signal });
      const month = monthIn(ledger.zone, now);
      const inForce = new Map<string, string>();
      // In the order of publication: a later edition of the same month goes before.
      const editions = await allEditions(client, signal);
      const begun = editions
        .filter(({ effectiveFrom }) => effectiveFrom <= month)
        .sort((a, b) => a.effectiveFrom.localeCompare(b.effectiveFrom));
      for (const { product, edition } of begun) inForce.set(product, edition);
      return Promise.all(
        [...inForce].map(([product, edition]) => client.getPriceBooksOne(product, edition, { signal })),
      );
    },
    isEnabled,
  );
};

type Client = ReturnType<typeof useSession>['client'];

const allEditions = async (client: Client, signal: AbortSignal) => {
  const { items, next } = await client.getPriceBooks({ limit: 1000 }, { signal });
  const all = [...items];
  for (let cursor = next; cursor !== null; ) {
    const page = await client.getPriceBooks({ limit: 1000, cursor }, { signal });
    all.push(...page.items);
    cursor = page.next;
  }
  return all;
};

/** The month of an instant in a zone, as `2019-03`. */
const monthIn = (zone: string, now: string): string => {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
  }).formatToParts(new Date(now));
  const part = (wanted: 'year' | 'month'): string => parts.find(({ type }) => type === wanted)?.value ?? '';
  return `${part('year')}-${part('month')}`;
};
