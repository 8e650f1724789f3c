/** The name of a ledger's log, derived from the hash of the ledger's first event. */

const HEX = 32;

/** `suanpan/` and half of the hash of event 0 of the stream `ledger`. */
export const originOfHash = (hash: string): string => `suanpan/${hash.slice(0, HEX)}`;
