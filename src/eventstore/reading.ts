/**
 * Reading a ledger: one event, the last one, a stream, everything after a position, names and heads of streams. Reading
 * is paged to limit memory; only the stores and this file deal with pages.
 */
import type { EventStore, NamedHead, Position, RecordedEvent } from './event-store.ts';

/** A record block may have a megabyte; events without records are small. */
const PAGE_WITH_RECORDS = 64;
const PAGE = 256;

export interface Range {
  /** The first revision, included; default: the stream's first event. */
  readonly from?: number;
  /** The last revision, included; default: the stream's last event. */
  readonly to?: number;
  /** Whether record lines are wanted; default: no. */
  readonly records?: boolean;
  /** Only events of these types. Decided by the header alone: others need not be decoded. */
  readonly types?: readonly string[];
  /** Events per page, for readers that know how many they need. */
  readonly page?: number;
}

type Streams = Pick<EventStore, 'read'>;
type Log = Pick<EventStore, 'readAll'>;

const TYPE = /^\{"type":"(\w+)"/;

/** The type of a stored event, from its header's first member; empty if the header does not begin with one. */
export const typeOf = ({ header }: Pick<RecordedEvent, 'header'>): string => TYPE.exec(header)?.[1] ?? '';

const ofTypes = (types: readonly string[] | undefined): ((event: RecordedEvent) => boolean) => {
  if (types === undefined) return () => true;
  const wanted = new Set(types);
  return (event) => wanted.has(typeOf(event));
};

/** The event at a revision; null if there is none. */
export const eventAt = async (
  store: Streams,
  stream: string,
  revision: number,
  { records = false } = {},
): Promise<RecordedEvent | null> => {
  if (revision < 0) return null;
  const [event] = await store.read(stream, { from: revision, limit: 1, direction: 'forwards', records });
  return event?.revision === revision ? event : null;
};

/** Non-empty pages of a stream, oldest first. */
export async function* eventPages(
  store: Streams,
  stream: string,
  { from = 0, to = Number.POSITIVE_INFINITY, records = false, page: size, types }: Range = {},
): AsyncGenerator<RecordedEvent[]> {
  const isWanted = ofTypes(types);
  const most = size ?? (records ? PAGE_WITH_RECORDS : PAGE);
  for (let next = from; next <= to; ) {
    const limit = Math.min(most, to - next + 1);
    const page = await store.read(stream, { from: next, limit, direction: 'forwards', records });
    const wanted = types === undefined ? page : page.filter(isWanted);
    if (wanted.length > 0) yield wanted;
    // For a stream, a short page is the last one.
    if (page.length < limit) return;
    next += page.length;
  }
}

/** Events of a stream, oldest first. */
export async function* eventsOf(
  store: Streams,
  stream: string,
  range: Range = {},
): AsyncGenerator<RecordedEvent> {
  for await (const page of eventPages(store, stream, range)) yield* page;
}

/** Events of a stream from a revision back to its first one. */
export async function* eventsBackwards(
  store: Streams,
  stream: string,
  {
    from,
    records = false,
    types,
    page: limit = PAGE,
  }: Omit<Range, 'from' | 'to'> & { readonly from: number },
): AsyncGenerator<RecordedEvent> {
  const isWanted = ofTypes(types);
  for (let next = from; next >= 0; ) {
    const page = await store.read(stream, { from: next, limit, direction: 'backwards', records });
    for (const event of page) if (isWanted(event)) yield event;
    if (page.length < limit) return;
    next -= page.length;
  }
}

/** The last event of a stream, at or before a revision, of some types; null if there is none. */
export const lastEvent = async (
  store: Streams & Pick<EventStore, 'head'>,
  stream: string,
  { from, types, page }: Pick<Range, 'from' | 'types' | 'page'> = {},
): Promise<RecordedEvent | null> => {
  const last = from ?? (await store.head(stream)).length - 1;
  const range = { from: last, page: page ?? (types === undefined ? 1 : PAGE), ...(types && { types }) };
  for await (const event of eventsBackwards(store, stream, range)) return event;
  return null;
};

export interface LogRange {
  /** Position after which to begin; null: with the first event. */
  readonly after?: Position | null;
  readonly records?: boolean;
  readonly page?: number;
  /** Prefetches the next page while the caller processes this one; wasted if the caller stops. */
  readonly ahead?: boolean;
}

/** Non-empty pages of all events after a position, in global order. */
export async function* logPages(
  store: Log,
  {
    after = null,
    records = false,
    ahead = false,
    page: limit = records ? PAGE_WITH_RECORDS : PAGE,
  }: LogRange = {},
): AsyncGenerator<RecordedEvent[]> {
  const behind = (position: Position | null) => store.readAll({ after: position, limit, records });
  for (let page = await behind(after); ; ) {
    // On a shared engine, a short page may not be the last one.
    const last = page.at(-1);
    if (!last) return;
    const next = ahead ? behind(last.position) : null;
    // Avoids an unhandled rejection if the caller stops here.
    next?.catch(() => undefined);
    yield page;
    page = await (next ?? behind(last.position));
  }
}

/** All events after a position, in the order of the ledger. */
export async function* eventsAfter(store: Log, range: LogRange = {}): AsyncGenerator<RecordedEvent> {
  for await (const page of logPages(store, range)) yield* page;
}

/** The first event of the ledger after a position; null if there is none. */
export const eventAfter = async (store: Log, after: Position | null): Promise<RecordedEvent | null> => {
  const [event] = await store.readAll({ after, limit: 1, records: false });
  return event ?? null;
};

/** Non-empty pages of stream names with a prefix, in order. */
export async function* streamPages(
  store: Pick<EventStore, 'streams'>,
  prefix: string,
  { after = null, page: limit = PAGE }: { readonly after?: string | null; readonly page?: number } = {},
): AsyncGenerator<string[]> {
  for (let from = after; ; ) {
    const page = await store.streams({ after: from, prefix, limit });
    if (page.length > 0) yield page;
    if (page.length < limit) return;
    from = page.at(-1) ?? null;
  }
}

/** Every stream with its head, in the order of names. */
export async function* streamHeads(
  store: Pick<EventStore, 'heads'>,
  { page: limit = PAGE } = {},
): AsyncGenerator<NamedHead> {
  for (let after: string | null = null; ; ) {
    const page: NamedHead[] = await store.heads({ after, limit });
    yield* page;
    if (page.length < limit) return;
    after = page.at(-1)?.stream ?? null;
  }
}
