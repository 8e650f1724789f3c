/**
 * The global chain, kept by the embedded engine: a hash over the previous value and each event's hash, in global order.
 * Seals exclude the position, so that a copy keeps them; the global chain detects events of different streams that were
 * swapped.
 */
import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';

/** The previous value for the first event of a ledger. */
export const NO_PLACE: Uint8Array = Buffer.alloc(32);

/** The value of the chain after an event with this hash; 32 bytes. */
export const placeAfter = (before: Uint8Array, eventHash: Uint8Array): Uint8Array =>
  hash('sha256', Buffer.concat([before, eventHash]), 'buffer');
