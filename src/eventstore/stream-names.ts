/** Names of a ledger's streams. */

export const ACCOUNTS = 'account-';

export const accountStream = (account: string): string => `${ACCOUNTS}${account}`;

/** The account of a stream; null for system streams. */
export const accountOf = (stream: string): string | null =>
  stream.startsWith(ACCOUNTS) ? stream.slice(ACCOUNTS.length) : null;

/** Final outcomes of deliveries. */
export const DELIVERIES = 'deliveries';

/** Beginning of the names of streams that name accounts' holders. */
export const HOLDERS = 'holder-';
