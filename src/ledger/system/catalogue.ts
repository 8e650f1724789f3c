/** The catalogue's own stream: editions published, each with the digest that names it. */

import { StoredEventUnreadable } from '../../codec/event-codec.ts';
import type { Calendar, Instant } from '../../domain/calendar.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import {
  brokenEdition,
  type Catalogue,
  catalogueFrom,
  type Edition,
  withEdition,
} from '../../domain/catalogue.ts';
import type { Decision } from '../../domain/decision.ts';
import type { PriceBook } from '../../domain/price-book.ts';
import { publishEdition } from '../../domain/publish.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { sha256 } from '../../integrity/sha256.ts';
import type { ReadSystemEvent } from './codec.ts';
import type { SystemEvent } from './events.ts';
import { appendSystem, readSystem } from './streams.ts';

export const CATALOGUE = 'catalogue';

/** The edition of a book: the book and the SHA-256 of its canonical JSON. */
export const editionOf = (book: PriceBook): Edition => ({ book, digest: sha256(canonicalJson(book)) });

/** Throws StoredEventUnreadable if a published book does not match its digest. */
export const checkBook = (
  stored: { readonly stream: string; readonly revision: number },
  event: SystemEvent | null,
): void => {
  if (event?.type !== 'PriceBookPublished') return;
  const { book, digest } = event.data;
  const computed = editionOf(book).digest;
  if (computed === digest) return;
  const { product, edition } = book;
  throw new StoredEventUnreadable(
    stored,
    `the price book ${product} ${edition} is not the one that was published: its digest is ${computed}, published was ${digest}`,
  );
};

/**
 * Reads all published editions. One that is unreadable, or does not match its digest, is represented as unusable: what
 * needs it is refused, everything else works.
 */
export const readCatalogue = async (store: EventStore): Promise<Catalogue> => {
  const events = await readSystem(store, CATALOGUE);
  return catalogueFrom(events.flatMap((event, revision) => editionIn(event, revision) ?? []));
};

/** Whether an event of the stream publishes an edition, even an unusable one. */
export const isPublished = (event: ReadSystemEvent): boolean =>
  event.type === 'Unreadable'
    ? event.data.type === null || event.data.type === 'PriceBookPublished'
    : event.type === 'PriceBookPublished';

const editionIn = (event: ReadSystemEvent, revision: number): Edition | null => {
  if (!isPublished(event)) return null;
  const at = { stream: CATALOGUE, revision };
  if (event.type === 'Unreadable') {
    const { said, why } = event.data;
    const digest = typeof said?.['digest'] === 'string' ? said['digest'] : '';
    return brokenEdition({ ...saidName(said?.['book']), ...at, why }, digest);
  }
  if (event.type !== 'PriceBookPublished') return null;
  const edition = editionOf(event.data.book);
  try {
    checkBook(at, event);
    return edition;
  } catch (error) {
    if (!(error instanceof StoredEventUnreadable)) throw error;
    const { product, edition: name, effectiveFrom } = event.data.book;
    return brokenEdition({ product, edition: name, effectiveFrom, ...at, why: error.why }, edition.digest);
  }
};

const saidName = (book: unknown) => {
  const said = typeof book === 'object' && book !== null ? { ...book } : {};
  const text = (name: string): string | null => {
    const value: unknown = Reflect.get(said, name);
    return typeof value === 'string' ? value : null;
  };
  return {
    product: text('product'),
    edition: text('edition') ?? '',
    effectiveFrom: text('effectiveFrom') ?? '',
  };
};

/** Publishes an edition at an instant, or refuses it; publishing an identical edition is a no-op. */
export const publish = async (
  store: EventStore,
  book: PriceBook,
  at: Instant,
  recordedAt: string,
  calendar: Calendar,
): Promise<{ decision: Decision<Edition>; catalogue: Catalogue }> => {
  let decided: { decision: Decision<Edition>; catalogue: Catalogue } | null = null;
  await appendSystem(store, CATALOGUE, 'PriceBookPublished', at, recordedAt, async () => {
    const catalogue = await readCatalogue(store);
    const decision = publishEdition(catalogue, editionOf(book), at, calendar);
    const accepted = decision.outcome === 'accepted' ? decision.events : [];
    decided = { decision, catalogue: accepted.reduce(withEdition, catalogue) };
    return accepted.map(({ digest }) => ({ digest, book }));
  });
  if (!decided) throw new Error('publishing was not decided');
  return decided;
};

/** Publishes the first books of a new ledger, atomically. */
export const publishFirst = async (
  store: EventStore,
  books: readonly PriceBook[],
  at: Instant,
  recordedAt: string,
  calendar: Calendar,
): Promise<void> => {
  await appendSystem(store, CATALOGUE, 'PriceBookPublished', at, recordedAt, async () => {
    let catalogue = await readCatalogue(store);
    if (catalogue.published.length > 0) return [];
    return books.map((book) => {
      const decision = publishEdition(catalogue, editionOf(book), at, calendar);
      if (decision.outcome === 'refused')
        throw new Error(`a shipped price book is refused: ${decision.refusal.detail}`);
      catalogue = decision.events.reduce(withEdition, catalogue);
      return { digest: editionOf(book).digest, book };
    });
  });
};

/** The instant at which the first of some editions takes effect, as of which shipped books are published. */
export const firstEffective = (books: readonly PriceBook[], calendar: Calendar): Instant =>
  Math.min(...books.map(({ effectiveFrom }) => calendar.startOf(effectiveFrom)));

/** The unusable price book; what needs it is refused. */
export const brokenBook = ({ published }: Catalogue): string | null => {
  const broken = published.find((edition) => edition.broken)?.broken;
  return broken ? `event ${broken.revision} of ${broken.stream} cannot be read: ${broken.why}` : null;
};
