/**
 * An event's place in the order of the whole ledger, as the embedded engine keeps it: a hash over the place before and
 * the event's own hash. Seals leave the position out, so that a copy keeps them; this shows two events of different
 * streams that changed places.
 */
import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';

/** What stands for "the one before" at the first event of a ledger. */
export const NO_PLACE: Uint8Array = Buffer.alloc(32);

/** The place of an event with this hash behind the given place; 32 bytes. */
export const placeAfter = (before: Uint8Array, eventHash: Uint8Array): Uint8Array =>
  hash('sha256', Buffer.concat([before, eventHash]), 'buffer');
