/** Names of a ledger's streams. */

export const ACCOUNTS = 'account-';

export const accountStream = (account: string): string => `${ACCOUNTS}${account}`;

/** The account whose stream it is; null for the streams beside the accounts'. */
export const accountOf = (stream: string): string | null =>
  stream.startsWith(ACCOUNTS) ? stream.slice(ACCOUNTS.length) : null;
