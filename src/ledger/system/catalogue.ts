/** The catalogue's own stream: editions published, each with the digest that names it. */

import { inTurns, openPauses } from '../../async/pauses.ts';
import { StoredEventUnreadable } from '../../codec/event-codec.ts';
import type { Calendar, Instant } from '../../domain/calendar.ts';
import { canonicalInSteps } from '../../domain/canonical.ts';
import {
  brokenEdition,
  type Catalogue,
  catalogueFrom,
  type Edition,
  withEdition,
} from '../../domain/catalogue.ts';
import type { Decision } from '../../domain/decision.ts';
import { type PriceBookFile, partsOf } from '../../domain/price-book.ts';
import { publishEdition, publishEditionInSteps } from '../../domain/publish.ts';
import { atOnce } from '../../domain/steps.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { eventsOf } from '../../eventstore/reading.ts';
import { sha256 } from '../../integrity/sha256.ts';
import { type ReadSystemEvent, readSystemEvent } from './codec.ts';
import type { SystemEvent } from './events.ts';
import { appendSystem } from './streams.ts';

export const CATALOGUE = 'catalogue';

/** The edition of a book: the book, the SHA-256 of its canonical JSON and, beside them, its examples. */
export const editionOf = (file: PriceBookFile): Edition => atOnce(editionInSteps(file));

/** The same as a generator, so that the caller can do other work at each yield. */
export function* editionInSteps(file: PriceBookFile): Generator<undefined, Edition> {
  const { book, examples } = partsOf(file);
  const text = yield* canonicalInSteps(book);
  yield;
  return { book, digest: sha256(text), ...(examples.length > 0 ? { examples } : {}) };
}

/** Throws StoredEventUnreadable if a published book does not match its digest. */
export const checkBook = (
  stored: { readonly stream: string; readonly revision: number },
  event: SystemEvent | null,
): void => {
  if (event?.type !== 'PriceBookPublished') return;
  const { book, digest } = event.data;
  const why = otherThanPublished(editionOf(book), digest);
  if (why !== null) throw new StoredEventUnreadable(stored, why);
};

/** What differs from the edition that was published with a digest; null if nothing does. */
const otherThanPublished = ({ book, digest }: Edition, published: string): string | null =>
  digest === published
    ? null
    : `the price book ${book.product} ${book.edition} is not the one that was published: its digest is ${digest}, published was ${published}`;

/** Books per page: reading one may take a millisecond. */
const PAGE = 4;

/**
 * Reads all published editions. One that is unreadable, or does not match its digest, is represented as unusable: what
 * needs it is refused, everything else works.
 */
export const readCatalogue = async (store: EventStore): Promise<Catalogue> => {
  const editions: Edition[] = [];
  const pause = openPauses(1);
  for await (const stored of eventsOf(store, CATALOGUE, { page: PAGE })) {
    const edition = await inTurns(editionIn(readSystemEvent(stored), stored.revision), pause);
    if (edition) editions.push(edition);
  }
  return catalogueFrom(editions);
};

/** Whether an event of the stream publishes an edition, even an unusable one. */
export const isPublished = (event: ReadSystemEvent): boolean =>
  event.type === 'Unreadable'
    ? event.data.type === null || event.data.type === 'PriceBookPublished'
    : event.type === 'PriceBookPublished';

function* editionIn(event: ReadSystemEvent, revision: number): Generator<undefined, Edition | null> {
  if (!isPublished(event)) return null;
  const at = { stream: CATALOGUE, revision };
  if (event.type === 'Unreadable') {
    const { said, why } = event.data;
    const digest = typeof said?.['digest'] === 'string' ? said['digest'] : '';
    return brokenEdition({ ...saidName(said?.['book']), ...at, why }, digest);
  }
  if (event.type !== 'PriceBookPublished') return null;
  const edition = yield* editionInSteps(event.data.book);
  const why = otherThanPublished(edition, event.data.digest);
  const { examples } = event.data;
  if (why === null) return examples ? { ...edition, examples } : edition;
  const { product, edition: name, effectiveFrom } = event.data.book;
  return brokenEdition({ product, edition: name, effectiveFrom, ...at, why }, edition.digest);
}

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
  edition: Edition,
  at: Instant,
  recordedAt: string,
  calendar: Calendar,
): Promise<{ decision: Decision<Edition>; catalogue: Catalogue }> => {
  let decided: { decision: Decision<Edition>; catalogue: Catalogue } | null = null;
  await appendSystem(store, CATALOGUE, 'PriceBookPublished', at, recordedAt, async () => {
    const catalogue = await readCatalogue(store);
    const decision = await inTurns(publishEditionInSteps(catalogue, edition, at, calendar));
    const accepted = decision.outcome === 'accepted' ? decision.events : [];
    decided = { decision, catalogue: accepted.reduce(withEdition, catalogue) };
    return accepted.map(publishedData);
  });
  if (!decided) throw new Error('publishing was not decided');
  return decided;
};

const publishedData = ({ digest, book, examples }: Edition) => ({
  digest,
  book,
  ...(examples ? { examples } : {}),
});

/** Publishes the first books of a new ledger, atomically. */
export const publishFirst = async (
  store: EventStore,
  books: readonly PriceBookFile[],
  at: Instant,
  recordedAt: string,
  calendar: Calendar,
): Promise<void> => {
  await appendSystem(store, CATALOGUE, 'PriceBookPublished', at, recordedAt, async () => {
    let catalogue = await readCatalogue(store);
    if (catalogue.published.length > 0) return [];
    return books.map(editionOf).map((edition) => {
      const decision = publishEdition(catalogue, edition, at, calendar);
      if (decision.outcome === 'refused')
        throw new Error(`a shipped price book is refused: ${decision.refusal.detail}`);
      catalogue = decision.events.reduce(withEdition, catalogue);
      return publishedData(edition);
    });
  });
};

/** The instant at which the first of some editions takes effect, as of which shipped books are published. */
export const firstEffective = (books: readonly PriceBookFile[], calendar: Calendar): Instant =>
  Math.min(...books.map(({ effectiveFrom }) => calendar.startOf(effectiveFrom)));

/** The unusable price book; what needs it is refused. */
export const brokenBook = ({ published }: Catalogue): string | null => {
  const broken = published.find((edition) => edition.broken)?.broken;
  return broken ? `event ${broken.revision} of ${broken.stream} cannot be read: ${broken.why}` : null;
};
