/**
 * The catalogue of price books: which edition of a product is in force in a month, and its interfaces.
 * Editions are only added; one for a month that has begun may differ from the one in force only in prices that
 * were null (rules.md, section 2), so who pays for a call never changes in retrospect.
 */
import type { Month } from './calendar.ts';
import { type Charging, chargings } from './charging.ts';
import type { BookExample, Interface, Meter, Name, Pool, PriceBook } from './price-book.ts';

export interface Edition {
  readonly book: PriceBook;
  /** SHA-256 of the book's canonical JSON, in hex. */
  readonly digest: string;
  /** Published with the book, beside it. */
  readonly examples?: readonly BookExample[];
  /** Set for an unusable edition: reading its `book` throws EditionBroken. */
  readonly broken?: BrokenBook;
}

/** A stored book that is unreadable or differs from the one published; only its name is used. */
export interface BrokenBook {
  /** Null if unreadable; then the book may belong to any product, and no product's editions can be used. */
  readonly product: string | null;
  readonly edition: string;
  /** Empty if unreadable; then the edition may be in force in any month. */
  readonly effectiveFrom: Month;
  /** The event that published it, in the catalogue's stream. */
  readonly stream: string;
  readonly revision: number;
  readonly why: string;
}

/** A price book is needed that cannot be used. */
export class EditionBroken extends Error {
  readonly broken: BrokenBook;
  constructor(broken: BrokenBook) {
    super(`event ${broken.revision} of ${broken.stream}: ${broken.why}`);
    this.broken = broken;
  }
}

/** The catalogue's placeholder for a book that cannot be used. */
export const brokenEdition = (broken: BrokenBook, digest: string): Edition => ({
  get book(): PriceBook {
    throw new EditionBroken(broken);
  },
  digest,
  broken,
});

/** The name of an edition, even of one that cannot be used. */
export const nameOf = (edition: Edition): Pick<BrokenBook, 'product' | 'edition' | 'effectiveFrom'> =>
  edition.broken ?? edition.book;

export interface Catalogue {
  /** Every edition, in the order of publishing. */
  readonly published: readonly Edition[];
  /** By product, ordered by the month they take effect, then by publication. */
  readonly products: Readonly<Record<string, readonly Edition[]>>;
  /** A book whose product cannot be read; absent where there is none. */
  readonly lost?: BrokenBook;
}

/**
 * Editions of a product, ordered by the month they take effect; none for inherited names such as `constructor`.
 */
export const editionsOf = (catalogue: Catalogue, product: string): readonly Edition[] => {
  if (catalogue.lost) throw new EditionBroken(catalogue.lost);
  return (Object.hasOwn(catalogue.products, product) ? catalogue.products[product] : undefined) ?? [];
};

/** The catalogue with one more edition. */
export const withEdition = (catalogue: Catalogue, edition: Edition): Catalogue =>
  catalogueFrom([...catalogue.published, edition]);

/** The catalogue of editions in the order of publishing. */
export const catalogueFrom = (published: readonly Edition[]): Catalogue => {
  const products = new Map<string, Edition[]>();
  let lost: BrokenBook | undefined;
  for (const edition of published) {
    const { product } = nameOf(edition);
    if (product === null) {
      lost ??= edition.broken;
      continue;
    }
    const others = products.get(product);
    if (others) others.push(edition);
    else products.set(product, [edition]);
  }
  // Sorting is stable: of two editions for one month the later published comes last.
  for (const editions of products.values())
    editions.sort((a, b) => compareMonths(nameOf(a).effectiveFrom, nameOf(b).effectiveFrom));
  return { published, products: Object.fromEntries(products), ...(lost ? { lost } : {}) };
};

/** An unreadable month sorts last, since the edition may be in force in any month. */
const compareMonths = (a: Month, b: Month): number =>
  a === b ? 0 : b === '' || (a !== '' && a < b) ? -1 : 1;

/** The catalogue as of its first `count` editions. */
export const asPublished = (catalogue: Catalogue, count: number): Catalogue =>
  count >= catalogue.published.length ? catalogue : catalogueFrom(catalogue.published.slice(0, count));

/** The edition of a product in force in a month; undefined before its first. */
export const inForce = (catalogue: Catalogue, product: string, month: Month): Edition | undefined =>
  editionsOf(catalogue, product).findLast((edition) => nameOf(edition).effectiveFrom <= month);

/** An edition by its name. */
export const editionNamed = (catalogue: Catalogue, product: string, edition: string): Edition | undefined =>
  editionsOf(catalogue, product).find((one) => nameOf(one).edition === edition);

export interface BookIndex {
  readonly interfaces: ReadonlyMap<string, Interface>;
  readonly pools: ReadonlyMap<string, Pool>;
  readonly meters: ReadonlyMap<string, Meter>;
  /** How each interface charges. */
  readonly chargings: ReadonlyMap<string, Charging>;
  /** The unit of each meter, and of each pool without weights, where the book names one. */
  readonly units: ReadonlyMap<string, Name>;
  /** Pools whose free units and packs are in points, since some units take several. */
  readonly weighted: ReadonlySet<string>;
}

const indexes = new WeakMap<PriceBook, BookIndex>();

/** A book's parts by id; built once per book. */
export const indexOf = (book: PriceBook): BookIndex => {
  const known = indexes.get(book);
  if (known) return known;
  const charging = chargings(book);
  const index: BookIndex = {
    interfaces: new Map(book.interfaces.map((i) => [i.id, i])),
    pools: new Map(book.pools.map((p) => [p.id, p])),
    meters: new Map(book.meters.map((m) => [m.id, m])),
    chargings: charging,
    ...unitsIn(charging),
  };
  indexes.set(book, index);
  return index;
};

/** All parts of a meter, and of a pool without weights, have one unit. */
const unitsIn = (all: BookIndex['chargings']): Pick<BookIndex, 'units' | 'weighted'> => {
  const units = new Map<string, Name>();
  const weighted = new Set<string>();
  for (const { classes } of all.values())
    for (const { parts } of classes)
      for (const { meter, pool, unit, weight } of parts) {
        if (pool !== null && weight > 1) weighted.add(pool);
        for (const id of [meter, pool]) if (unit && id !== null && !units.has(id)) units.set(id, unit);
      }
  for (const pool of weighted) units.delete(pool);
  return { units, weighted };
};

/** The unit of what a pool whose units have weights holds. */
const POINTS: Name = { zh: '点', en: 'point' };

/** What a pool's allowance and packs count; undefined where the book names no unit. */
export const poolUnit = (book: PriceBook, pool: string): Name | undefined => {
  const { units, weighted } = indexOf(book);
  return weighted.has(pool) ? POINTS : units.get(pool);
};

/** `product/name` → `product`. */
export const productOf = (id: string): string => id.slice(0, Math.max(0, id.indexOf('/')));

/** Whether any edition of the meter's product has the meter. */
export const meterExists = (catalogue: Catalogue, meter: string): boolean =>
  editionsOf(catalogue, productOf(meter)).some(({ book }) => indexOf(book).meters.has(meter));

/** Usable editions of a product, or of all if there are none of it: where a name that was misspelt may stand. */
const editionsNear = (catalogue: Catalogue, product: string): readonly Edition[] => {
  const usable = catalogue.published.filter(({ broken }) => !broken);
  const own = usable.filter(({ book }) => book.product === product);
  return own.length > 0 ? own : usable;
};

/** Ids of pools that an unknown one of a product may be a misspelling of. */
export const poolsOf = (catalogue: Catalogue, product: string): ReadonlySet<string> =>
  new Set(editionsNear(catalogue, product).flatMap(({ book }) => book.pools.map(({ id }) => id)));

/** Ids of meters, likewise. */
export const metersOf = (catalogue: Catalogue, product: string): ReadonlySet<string> =>
  new Set(editionsNear(catalogue, product).flatMap(({ book }) => book.meters.map(({ id }) => id)));

/** Ids of interfaces, likewise. */
export const interfacesOf = (catalogue: Catalogue, product: string): ReadonlySet<string> =>
  new Set(editionsNear(catalogue, product).flatMap(({ book }) => book.interfaces.map(({ id }) => id)));
