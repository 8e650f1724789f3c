/** The catalogue's own stream: editions published, each with the digest that names it. */

import type { Calendar, Instant } from '../domain/calendar.ts';
import { canonicalJson } from '../domain/canonical.ts';
import { type Catalogue, catalogueFrom, type Edition, withEdition } from '../domain/catalogue.ts';
import type { Decision } from '../domain/decider.ts';
import type { PriceBook } from '../domain/price-book.ts';
import { publishEdition } from '../domain/publish.ts';
import type { EventStore } from '../store/event-store.ts';
import { sha256 } from '../store/sha256.ts';
import type { SideEvent } from './side-events.ts';
import { appendSide, readSideWhole } from './side-streams.ts';

export const CATALOGUE = 'catalogue';

/** The edition of a book: the book and the SHA-256 of its canonical JSON. */
export const editionOf = (book: PriceBook): Edition => ({ book, digest: sha256(canonicalJson(book)) });

/** Reads every published edition and checks that its digest is that of its content. */
export const readCatalogue = async (store: EventStore): Promise<Catalogue> =>
  catalogueOf(await readSideWhole(store, CATALOGUE));

const catalogueOf = (events: readonly SideEvent[]): Catalogue => {
  const published: Edition[] = [];
  for (const event of events) {
    if (event.type !== 'PriceBookPublished') continue;
    const edition = editionOf(event.data.book);
    if (edition.digest !== event.data.digest) {
      const { product, edition: name } = edition.book;
      throw new Error(`the price book ${product} ${name} is not what its digest names`);
    }
    published.push(edition);
  }
  return catalogueFrom(published);
};

/** Publishes an edition at an instant, or refuses it; publishing the same again changes nothing. */
export const publish = async (
  store: EventStore,
  book: PriceBook,
  at: Instant,
  recordedAt: string,
  calendar: Calendar,
): Promise<{ decision: Decision<Edition>; catalogue: Catalogue }> => {
  let decided: { decision: Decision<Edition>; catalogue: Catalogue } | null = null;
  await appendSide(store, CATALOGUE, 'PriceBookPublished', at, recordedAt, async () => {
    const catalogue = await readCatalogue(store);
    const decision = publishEdition(catalogue, editionOf(book), at, calendar);
    const accepted = decision.outcome === 'accepted' ? decision.events : [];
    decided = { decision, catalogue: accepted.reduce(withEdition, catalogue) };
    return accepted.map(({ digest }) => ({ digest, book }));
  });
  if (!decided) throw new Error('publishing was not decided');
  return decided;
};

/** Publishes the first books of a new ledger, all or none: a ledger never has a part of them. */
export const publishFirst = async (
  store: EventStore,
  books: readonly PriceBook[],
  at: Instant,
  recordedAt: string,
  calendar: Calendar,
): Promise<void> => {
  await appendSide(store, CATALOGUE, 'PriceBookPublished', at, recordedAt, async () => {
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

/** The instant at which the first editions of some books take effect: when shipped books count as published. */
export const firstEffective = (books: readonly PriceBook[], calendar: Calendar): Instant =>
  Math.min(...books.map(({ effectiveFrom }) => calendar.startOf(effectiveFrom)));
