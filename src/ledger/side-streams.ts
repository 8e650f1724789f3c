/**
 * Streams beside the accounts': the ledger's own settings, the catalogue, the names of account holders (each in a
 * stream of its own that can be erased without breaking a chain) and the log of refused usage.
 */
import * as z from 'zod';
import { decodeHeader, headerText, StoredEventUnreadable } from '../codec/event-codec.ts';
import type { Instant } from '../domain/calendar.ts';
import type { PriceBook } from '../domain/price-book.ts';
import { priceBookSchema } from '../domain/price-book-schema.ts';
import { USAGE_REFUSALS } from '../domain/refusals.ts';
import { type EventStore, type RecordedEvent, VersionConflict } from '../store/event-store.ts';
import { seal } from '../store/seal.ts';

const refusedRecord = z.object({
  /** SHA-256 of code and content: the same refusal of the same content is logged once. */
  mark: z.string(),
  code: z.enum(USAGE_REFUSALS),
  detail: z.string(),
  /** The report as it came, so that it can be resubmitted. */
  record: z.json(),
});
export type RefusedRecord = z.infer<typeof refusedRecord>;

const sideEvents = {
  LedgerCreated: z.object({ zone: z.string() }),
  PriceBookPublished: z.object({ digest: z.string(), book: priceBookSchema }),
  HolderNamed: z.object({ account: z.string(), name: z.string() }),
  UsageRefused: z.object({ records: z.array(refusedRecord) }),
};
export type SideType = keyof typeof sideEvents;
export type SideData = {
  readonly [Type in SideType]: Type extends 'PriceBookPublished'
    ? { readonly digest: string; readonly book: PriceBook }
    : z.infer<(typeof sideEvents)[Type]>;
};
export type SideEvent = { [Type in SideType]: { type: Type; at: string; data: SideData[Type] } }[SideType];

const PAGE = 128;
const ATTEMPTS = 20;

/** A stored event of a side stream, parsed. */
export const decodeSide = (stored: RecordedEvent): SideEvent => {
  const { type, at } = decodeHeader(stored);
  if (!isSideType(type)) throw new StoredEventUnreadable(stored, `${type} has no place in this stream`);
  const result = sideEvents[type].safeParse(JSON.parse(stored.data));
  if (!result.success) throw new StoredEventUnreadable(stored, z.prettifyError(result.error));
  return { type, at, data: result.data } as SideEvent;
};

const isSideType = (type: string): type is SideType => Object.hasOwn(sideEvents, type);

/** Every event of a side stream from a revision on, oldest first. */
export const readSide = async (store: EventStore, stream: string, from = 0): Promise<SideEvent[]> => {
  const events: SideEvent[] = [];
  for (;;) {
    const page = await store.read(stream, {
      from: from + events.length,
      limit: PAGE,
      direction: 'forwards',
      records: false,
    });
    if (page.length === 0) return events;
    events.push(...page.map(decodeSide));
  }
};

/**
 * Appends what `decideOn` makes of a stream of that many events; decides again when another writer was first. Appends
 * nothing for an empty list.
 */
export const appendSide = async <Type extends SideType>(
  store: EventStore,
  stream: string,
  type: Type,
  at: Instant,
  recordedAt: string,
  decideOn: (length: number) => Promise<readonly SideData[Type][]>,
): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    const { length, hash } = await store.head(stream);
    const data = await decideOn(length);
    if (data.length === 0) return;
    const drafts = data.map((d) => ({
      header: headerText(type, 1, at, recordedAt),
      data: JSON.stringify(d),
    }));
    try {
      await store.append(stream, length, seal(stream, length, hash, drafts));
      return;
    } catch (error) {
      if (!(error instanceof VersionConflict) || attempt === ATTEMPTS) throw error;
    }
  }
};
