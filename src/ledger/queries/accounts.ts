/** The accounts of a ledger, by the names of their streams. */
import type { EventStore } from '../../eventstore/event-store.ts';
import { streamPages } from '../../eventstore/reading.ts';
import { ACCOUNTS } from '../../eventstore/stream-names.ts';

const PAGE = 500;

/** Ids of all accounts in order, page by page, optionally after one. */
export async function* accountPages(
  store: Pick<EventStore, 'streams'>,
  { after = null, page = PAGE }: { readonly after?: string | null; readonly page?: number } = {},
): AsyncGenerator<string[]> {
  const from = after === null ? null : `${ACCOUNTS}${after}`;
  for await (const names of streamPages(store, ACCOUNTS, { after: from, page }))
    yield names.map((name) => name.slice(ACCOUNTS.length));
}

/** Ids of all accounts in their order. */
export async function* accountIds(store: Pick<EventStore, 'streams'>): AsyncGenerator<string> {
  for await (const page of accountPages(store)) yield* page;
}
