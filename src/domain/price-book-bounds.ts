/**
 * Limits on the size of a price book and a ladder, and on implausible values: a freeze of a billion times the bill, an
 * edition of the year 0, a name that cannot be displayed. Checked when a book is published or a price agreed, never
 * when one is read, because stored books may be older than these limits.
 */
import type { Month } from './calendar.ts';
import { isMeasured } from './charging.ts';
import { exact } from './money.ts';
import type { Interface, Ladder, Name, PriceBook, PriceBookFile } from './price-book.ts';

/** A reason why a book cannot be published; `path` is the location in its JSON. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** Maximum lengths of a book's lists; packs and tiers are summed over all its pools and meters. */
export const BOOK_MAX = {
  interfaces: 5_000,
  pools: 5_000,
  meters: 5_000,
  packs: 20_000,
  tiers: 20_000,
  notes: 200,
  examples: 100,
} as const;
export const LADDER_TIERS_MAX = 1_000;
/** Limit on a book's JSON in UTF-8, so that its event fits into one append (1 MiB). */
export const BOOK_BYTES_MAX = 1_000_000;

const MONTH_MIN = '2000-01';
const MONTH_MAX = '2199-12';
const ID_PART_MAX = 64;
const NAME_MAX = 200;
const NOTE_MAX = 2_000;
/** Limit on the calls of an allowance or a pack: the same as for one usage record. */
const CALLS_MAX = 1_000_000_000_000;
/** Limit on one price, in yuan. */
const PRICE_MAX = 1_000_000_000;
const RATE_MAX = 10;
const SHARE_MAX = 1;

/**
 * Controls, line separators, bidirectional and zero-width characters, tags and unpaired surrogates: a name with any of
 * these is not displayed as written.
 */
const UNSHOWABLE =
  /\p{Cc}|[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/u;

/** Whether a month is plausible for a price. */
export const isPlausibleMonth = (month: Month): boolean => MONTH_MIN <= month && month <= MONTH_MAX;
export const PLAUSIBLE_MONTHS = `a month from ${MONTH_MIN} to ${MONTH_MAX}`;

/**
 * All limits that a book exceeds, in time linear in the book. A generator, so that the caller can do other work at each
 * yield.
 */
export function* boundProblems(book: PriceBook): Generator<undefined, Problem[]> {
  const problems: Problem[] = [];
  const say = (path: string, message: string) => problems.push({ path, message });
  const atMost = (path: string, value: string | number, most: number) => {
    if (isAbove(value, most)) say(path, `is at most ${most}`);
  };
  const text = (path: string, value: string, most: number) => {
    if (value.length > most) say(path, `has at most ${most} characters`);
    else if (UNSHOWABLE.test(value)) say(path, 'has a control, bidirectional or invisible character');
    else if (value.trim() === '') say(path, 'is empty');
  };
  const name = (path: string, { zh, en }: Name, most = NAME_MAX) => {
    text(`${path}.zh`, zh, most);
    text(`${path}.en`, en, most);
  };
  const id = (path: string, value: string | null) => {
    if (value?.split('/').some((part) => part.length > ID_PART_MAX))
      say(path, `each part has at most ${ID_PART_MAX} characters`);
  };
  const month = (path: string, value: Month) => {
    if (!isPlausibleMonth(value)) say(path, `must be ${PLAUSIBLE_MONTHS}`);
  };

  month('effectiveFrom', book.effectiveFrom);
  name('name', book.name);
  if (book.source !== '') text('source', book.source, NOTE_MAX);
  for (const [i, one] of book.interfaces.entries()) {
    const path = `interfaces.${i}`;
    yield;
    id(`${path}.id`, one.id);
    name(`${path}.name`, one.name);
    if (one.category) name(`${path}.category`, one.category);
    for (const [at, own] of namesOf(one)) name(`${path}${at}`, own);
    for (const [at, own] of idsOf(one)) id(`${path}${at}`, own);
  }
  for (const [i, pool] of book.pools.entries()) {
    const path = `pools.${i}`;
    yield;
    id(`${path}.id`, pool.id);
    if (pool.meter !== undefined) id(`${path}.meter`, pool.meter);
    if (pool.allowance) atMost(`${path}.allowance.calls`, pool.allowance.calls, CALLS_MAX);
    name(`${path}.name`, pool.name);
    for (const [k, { size, price }] of pool.packs.entries()) {
      yield;
      atMost(`${path}.packs.${k}.size`, size, CALLS_MAX);
      atMost(`${path}.packs.${k}.price`, price, PRICE_MAX);
    }
  }
  for (const [i, meter] of book.meters.entries()) {
    const path = `meters.${i}`;
    yield;
    id(`${path}.id`, meter.id);
    name(`${path}.name`, meter.name);
    if (meter.freeUntil !== undefined) month(`${path}.freeUntil`, meter.freeUntil);
    for (const problem of ladderBounds(meter.ladder)) say(`${path}.${problem.path}`, problem.message);
  }
  atMost('allowance.calls', book.allowance.calls, CALLS_MAX);
  for (const [i, { pool, size }] of (book.grants ?? []).entries()) {
    id(`grants.${i}.pool`, pool);
    atMost(`grants.${i}.size`, size, CALLS_MAX);
  }
  if (book.freeze) atMost('freeze.rate', book.freeze.rate, RATE_MAX);
  if (book.notices) {
    const { low, channels } = book.notices;
    atMost('notices.low.below', low.below, SHARE_MAX);
    if (new Set(channels).size < channels.length) say('notices.channels', 'names a channel twice');
  }
  for (const [i, note] of (book.notes ?? []).entries()) name(`notes.${i}`, note, NOTE_MAX);
  return [...countProblems(book), ...problems];
}

/** The further names of an interface, by where they stand in it. */
const namesOf = (one: Interface): readonly (readonly [path: string, name: Name])[] =>
  isMeasured(one)
    ? [
        ...one.measures.flatMap((measure, i) => [
          [`.measures.${i}.name`, measure.name] as const,
          [`.measures.${i}.unit`, measure.unit] as const,
        ]),
        ...one.charges.map((charges, i) => [`.charges.${i}.name`, charges.name] as const),
      ]
    : one.unit
      ? [['.unit', one.unit]]
      : [];

/** The pools and meters that an interface names, by where. */
const idsOf = (one: Interface): readonly (readonly [path: string, id: string | null])[] =>
  isMeasured(one)
    ? one.charges.flatMap(({ to }, i) =>
        Object.entries(to).flatMap(([measure, { pool, meter }]) => [
          [`.charges.${i}.to.${measure}.pool`, pool] as const,
          [`.charges.${i}.to.${measure}.meter`, meter] as const,
        ]),
      )
    : [
        ['.pool', one.pool],
        ['.meter', one.meter],
      ];

/** The problem of a book that is too large to be one event, if it is. A generator, like `boundProblems`. */
export function* sizeProblems(book: PriceBookFile): Generator<undefined, Problem[]> {
  const { interfaces, pools, meters, notes, examples } = book;
  const empty = {
    ...{ interfaces: [], pools: [], meters: [] },
    ...(notes ? { notes: [] } : {}),
    ...(examples ? { examples: [] } : {}),
  };
  let bytes = bytesOf({ ...book, ...empty });
  for (const list of [interfaces, pools, meters, notes ?? [], examples ?? []])
    for (const [i, entry] of list.entries()) {
      bytes += bytesOf(entry) + (i > 0 ? COMMA : 0);
      if (bytes > BOOK_BYTES_MAX)
        return [{ path: 'body', message: `a book has at most ${BOOK_BYTES_MAX} bytes of JSON` }];
      yield;
    }
  return [];
}

const COMMA = 1;
const UTF8 = new TextEncoder();
const bytesOf = (value: unknown): number => UTF8.encode(JSON.stringify(value)).length;

/** Compares as doubles, which rounding cannot turn around at a whole number; exact decimals take microseconds each. */
const isAbove = (value: string | number, most: number): boolean =>
  Number(value) >= most && exact(value).greaterThan(most);

/** The limits that a ladder exceeds. */
export const ladderBounds = ({ tiers }: Ladder): Problem[] => {
  if (tiers.length > LADDER_TIERS_MAX)
    return [{ path: 'ladder.tiers', message: `a ladder has at most ${LADDER_TIERS_MAX} tiers` }];
  return tiers.flatMap(({ unitPrice }, i) =>
    unitPrice !== null && isAbove(unitPrice, PRICE_MAX)
      ? [{ path: `ladder.tiers.${i}.unitPrice`, message: `is at most ${PRICE_MAX}` }]
      : [],
  );
};

/** Lists that are too long, in any JSON that claims to be a book; checked before anything else. */
export const countProblems = (book: unknown): Problem[] => {
  const counts = {
    interfaces: lengthOf(book, 'interfaces'),
    pools: lengthOf(book, 'pools'),
    meters: lengthOf(book, 'meters'),
    packs: listOf(book, 'pools').reduce<number>((sum, pool) => sum + lengthOf(pool, 'packs'), 0),
    tiers: listOf(book, 'meters').reduce<number>(
      (sum, meter) => sum + lengthOf(memberOf(meter, 'ladder'), 'tiers'),
      0,
    ),
    notes: lengthOf(book, 'notes'),
    examples: lengthOf(book, 'examples'),
  };
  return (['interfaces', 'pools', 'meters', 'packs', 'tiers', 'notes', 'examples'] as const).flatMap(
    (part) =>
      counts[part] > BOOK_MAX[part]
        ? [{ path: part, message: `a book has at most ${BOOK_MAX[part]} ${part}` }]
        : [],
  );
};

/** A member of any JSON value; undefined where it is missing. */
export const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
/** A list member of any JSON value; empty where it is missing. */
export const listOf = (value: unknown, key: string): readonly unknown[] => {
  const list = memberOf(value, key);
  return Array.isArray(list) ? list : [];
};
const lengthOf = (value: unknown, key: string): number => listOf(value, key).length;
