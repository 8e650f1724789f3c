/** Which edition rules what (section 2): looked up in the list of published books each time. */
import type { CountedInterface, PriceBook } from '../../src/domain/price-book.ts';
import { countedIn } from '../support/counted-interface.ts';
import type { World } from './facts.ts';

/** The product's edition that rules a month, as far as was published by `now`; of two for one month the later published. */
export function edition(world: World, product: string, month: string, now: number): PriceBook | undefined {
  let found: PriceBook | undefined;
  for (const { at, book } of world.books) {
    if (book.product !== product || at > now || book.effectiveFrom > month) continue;
    if (found === undefined || book.effectiveFrom >= found.effectiveFrom) found = book;
  }
  return found;
}

export function products(world: World, now: number): string[] {
  return [...new Set(world.books.filter((b) => b.at <= now).map((b) => b.book.product))];
}

/** Where an interface belongs in a month. */
export function findInterface(
  world: World,
  id: string,
  month: string,
  now: number,
): { readonly book: PriceBook; readonly entry: CountedInterface } | undefined {
  for (const product of products(world, now)) {
    const book = edition(world, product, month, now);
    const entry = (book && countedIn(book))?.find((i) => i.id === id);
    if (book !== undefined && entry !== undefined) return { book, entry };
  }
  return undefined;
}

export function findPool(world: World, id: string, month: string, now: number): PriceBook | undefined {
  for (const product of products(world, now)) {
    const book = edition(world, product, month, now);
    if (book?.pools.some((pool) => pool.id === id)) return book;
  }
  return undefined;
}

/** The edition that holds a meter in a month. */
export function findMeter(world: World, id: string, month: string, now: number): PriceBook | undefined {
  for (const product of products(world, now)) {
    const book = edition(world, product, month, now);
    if (book?.meters.some((meter) => meter.id === id)) return book;
  }
  return undefined;
}

/** A contract may be agreed for a meter of any edition published so far: it may be one that only comes into force. */
export function meterEverPublished(world: World, id: string, now: number): boolean {
  return world.books.some(({ at, book }) => at <= now && book.meters.some((meter) => meter.id === id));
}
