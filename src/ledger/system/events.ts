/**
 * Events that belong to no account's life: what cannot be derived is an event too, so that every server of a ledger
 * knows it. Secrets are hashed (keys) or encrypted (webhooks), never in clear.
 */
import * as z from 'zod';
import { keyEvents } from '../../access/events.ts';
import { checkpointEvents } from '../../checkpoint/events.ts';
import { deliveryEvents } from '../../delivery/events.ts';
import { isZone } from '../../domain/calendar.ts';
import type { BookExample, PriceBook } from '../../domain/price-book.ts';
import { priceBookFileSchema, priceBookSchema } from '../../domain/price-book-schema.ts';
import { jobEvents } from '../../operation/events.ts';
import { turnEvents } from '../account/turn-events.ts';
import { refusedUsageEvents } from '../refused-usage/events.ts';
import { secretEvents } from '../secrets/events.ts';

/** One schema for each type; instants are RFC 3339 in UTC. */
export const systemEvents = {
  ...secretEvents,
  ...turnEvents,
  ...refusedUsageEvents,
  ...jobEvents,
  ...checkpointEvents,
  ...deliveryEvents,
  ...keyEvents,
  LedgerCreated: z.object({ zone: z.string().refine(isZone, 'an unknown time zone') }),
  /** The ledger's clock, chosen when a server is first started on it. */
  ClockChosen: z.object({ clock: z.enum(['system', 'test']) }),
  /** `examples` are no part of the book and of its digest. */
  PriceBookPublished: z.object({
    digest: z.string(),
    book: priceBookSchema,
    examples: priceBookFileSchema.shape.examples,
  }),
  HolderNamed: z.object({ account: z.string(), name: z.string() }),
  /** Only of a ledger that runs on a test clock. */
  ClockSet: z.object({ now: z.iso.datetime({ message: 'an instant is RFC 3339 in UTC' }) }),
};
export type SystemEventType = keyof typeof systemEvents;
export type SystemEventData = {
  readonly [Type in SystemEventType]: Type extends 'PriceBookPublished'
    ? { readonly digest: string; readonly book: PriceBook; readonly examples?: readonly BookExample[] }
    : z.infer<(typeof systemEvents)[Type]>;
};
export type SystemEvent = {
  [Type in SystemEventType]: { type: Type; at: string; data: SystemEventData[Type] };
}[SystemEventType];

export const isSystemEventType = (type: string): type is SystemEventType => Object.hasOwn(systemEvents, type);
