/**
 * Events that belong to no account's life: what cannot be derived is an event too, so that every server of a ledger
 * knows it. Secrets are hashed (keys) or encrypted (webhooks), never in clear.
 */
import * as z from 'zod';
import { keyEvents } from '../../access/events.ts';
import { checkpointEvents } from '../../checkpoint/events.ts';
import { deliveryEvents } from '../../delivery/events.ts';
import type { PriceBook } from '../../domain/price-book.ts';
import { priceBookSchema } from '../../domain/price-book-schema.ts';
import { USAGE_REFUSALS } from '../../domain/refusals.ts';
import { jobEvents } from '../../operation/events.ts';

/** A report as it is packed; without its mark where that follows from the rest. */
export const packedReport = z.object({
  mark: z.string().optional(),
  code: z.enum(USAGE_REFUSALS),
  detail: z.string(),
  /** The report as it came, so that it can be resubmitted; null where a JSON value cannot say it. */
  record: z.json(),
  /** As it came, where its text is not JSON or says more than a JSON value keeps (a number beyond doubles). */
  text: z.string().optional(),
  /** As it came, where it is not UTF-8. */
  base64: z.string().optional(),
});
/** `mark`: SHA-256 of code and content: the same refusal of the same content is logged once. */
const refusedRecord = packedReport.extend({ mark: z.string() });
export type RefusedRecord = z.infer<typeof refusedRecord>;

/** One schema for each type; instants are RFC 3339 in UTC. */
export const systemEvents = {
  ...jobEvents,
  ...checkpointEvents,
  ...deliveryEvents,
  ...keyEvents,
  LedgerCreated: z.object({ zone: z.string() }),
  /** The clock that the ledger lives by, chosen when a server is first started on it. */
  ClockChosen: z.object({ clock: z.enum(['system', 'test']) }),
  PriceBookPublished: z.object({ digest: z.string(), book: priceBookSchema }),
  HolderNamed: z.object({ account: z.string(), name: z.string() }),
  /** `key` reported them all; none: an import. `packed`: more records, as base64 of zstd of their JSON. */
  UsageRefused: z.object({
    key: z.string().optional(),
    records: z.array(refusedRecord),
    packed: z.string().optional(),
  }),
  /** Reports of a key that were refused beyond what is kept of its reports of a day (UTC), by code. */
  UsageNotKept: z.object({
    key: z.string(),
    day: z.string(),
    counts: z.array(z.object({ code: z.enum(USAGE_REFUSALS), reports: z.int() })),
  }),
  /** A server that lost every race of appends to an account asks the others to leave it alone for a while. */
  TurnAsked: z.object({ account: z.string(), server: z.string() }),
  /** HMAC of the ledger's name under the key that secrets are encrypted under; the last one holds. Stream `secret`. */
  SecretChecked: z.object({ check: z.string() }),
  /** Only of a ledger that runs on a test clock. */
  ClockSet: z.object({ now: z.string() }),
};
export type SystemEventType = keyof typeof systemEvents;
export type SystemEventData = {
  readonly [Type in SystemEventType]: Type extends 'PriceBookPublished'
    ? { readonly digest: string; readonly book: PriceBook }
    : z.infer<(typeof systemEvents)[Type]>;
};
export type SystemEvent = {
  [Type in SystemEventType]: { type: Type; at: string; data: SystemEventData[Type] };
}[SystemEventType];

export const isSystemEventType = (type: string): type is SystemEventType => Object.hasOwn(systemEvents, type);
