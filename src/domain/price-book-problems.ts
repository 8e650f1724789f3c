/** What makes a price book sound (rules.md, section 2, "Publishing checks the book"). */

import { isMeasured } from './charging.ts';
import { destinationProblems, measureProblems, unitProblems } from './charging-problems.ts';
import { exact } from './money.ts';
import type { Ladder, Pool, PriceBook, PriceBookFile } from './price-book.ts';
import { boundProblems, type Problem, sizeProblems } from './price-book-bounds.ts';
import { atOnce } from './steps.ts';

/** All problems of a book, in time linear in it. If it exceeds limits, only those are listed. */
export const bookProblems = (book: PriceBookFile): Problem[] => atOnce(bookProblemsInSteps(book));

/** The same as a generator, so that the caller can do other work at each yield. */
export function* bookProblemsInSteps(book: PriceBookFile): Generator<undefined, Problem[]> {
  const outOfBounds = yield* boundProblems(book);
  if (outOfBounds.length > 0) return outOfBounds;
  const problems: Problem[] = [];
  const add = (found: readonly Problem[]): void => {
    for (const problem of found) problems.push(problem);
  };
  const free = freeByMeter(book);
  yield;
  for (const part of ['interfaces', 'pools', 'meters'] as const) add(yield* idProblems(book, part));
  add(yield* referenceProblems(book));
  for (const [i, pool] of book.pools.entries()) {
    yield;
    add(packProblems(pool, i));
  }
  for (const [i, meter] of book.meters.entries()) {
    yield;
    for (const { path, message } of ladderProblems(meter.ladder, free.get(meter.id) ?? 0))
      problems.push({ path: `meters.${i}.${path}`, message });
  }
  add(yield* sizeProblems(book));
  return problems;
}

/** Free calls on a meter, at least, before any of its calls is post-paid. */
export const freeCalls = (book: PriceBook, meter: string): number => freeByMeter(book).get(meter) ?? 0;

/** The same of all meters. The allowance of a pool that serves several meters may be used up by the others. */
const freeByMeter = (book: PriceBook): ReadonlyMap<string, number> => {
  const heaviest = new Map<string, number>();
  for (const one of book.interfaces)
    for (const { to } of isMeasured(one) ? one.charges : [])
      for (const { pool, weight = 1 } of Object.values(to))
        if (pool !== null) heaviest.set(pool, Math.max(heaviest.get(pool) ?? 1, weight));
  const free = new Map<string, number>();
  for (const { id, meter, allowance } of book.pools) {
    if (meter === undefined) continue;
    const calls = Math.floor((allowance ?? book.allowance).calls / (heaviest.get(id) ?? 1));
    free.set(meter, Math.min(free.get(meter) ?? calls, calls));
  }
  return free;
};

/**
 * The problems of a ladder. `allowance` is the meter's free calls a month: the first tier may start above zero only
 * where free calls count towards the tier and the allowance reaches it.
 */
export const ladderProblems = (ladder: Ladder, allowance: number): Problem[] => {
  const problems: Problem[] = [];
  const say = (i: number, message: string) => problems.push({ path: `ladder.tiers.${i}`, message });
  const first = ladder.tiers[0];
  if (!first) return [{ path: 'ladder.tiers', message: 'a ladder has at least one tier' }];
  if (first.above > 0 && (ladder.tierBy === 'post_paid' || allowance < first.above)) {
    say(0, `starts above ${first.above}, which free calls do not cover`);
  }
  for (const [i, tier] of ladder.tiers.entries()) {
    const next = ladder.tiers[i + 1];
    if (tier.upTo === null) {
      if (next) say(i, 'only the last tier is open');
      continue;
    }
    if (tier.upTo <= tier.above) say(i, `bounds must rise: ${tier.above} to ${tier.upTo}`);
    if (!next) say(i, 'the last tier must be open (upTo null)');
    else if (next.above > tier.upTo) say(i + 1, `leaves a gap after ${tier.upTo}`);
    else if (next.above < tier.upTo) say(i + 1, `overlaps the tier up to ${tier.upTo}`);
  }
  return problems;
};

function* idProblems(
  book: PriceBook,
  part: 'interfaces' | 'pools' | 'meters',
): Generator<undefined, Problem[]> {
  const own = `${book.product}/`;
  const [seen, twice, foreign] = [new Set<string>(), [] as Problem[], [] as Problem[]];
  for (const [i, { id }] of book[part].entries()) {
    yield;
    if (seen.has(id)) twice.push({ path: `${part}.${i}`, message: `${id} stands here twice` });
    seen.add(id);
    if (!id.startsWith(own))
      foreign.push({ path: `${part}.${i}.id`, message: `${id} does not start with ${own}` });
  }
  return [...twice, ...foreign];
}

/** Fast path: most prices are text with at most two places, which a pattern recognizes faster than arithmetic. */
const IN_CENTS = /^\d+(?:\.\d{1,2})?$/;

const packProblems = ({ packs }: Pool, i: number): Problem[] => [
  ...duplicates(
    packs.map(({ size }) => String(size)),
    `pools.${i}.packs`,
  ),
  ...packs.flatMap(({ price }, k) =>
    !IN_CENTS.test(price) && exact(price).decimalPlaces() > 2
      ? [
          {
            path: `pools.${i}.packs.${k}.price`,
            message: `${price} is not a valid amount, expected yuan with at most two decimals`,
          },
        ]
      : [],
  ),
];

const duplicates = (values: readonly string[], path: string): Problem[] => {
  const seen = new Set<string>();
  return values.flatMap((value, i) => {
    if (seen.has(value)) return [{ path: `${path}.${i}`, message: `${value} stands here twice` }];
    seen.add(value);
    return [];
  });
};

function* referenceProblems(book: PriceBook): Generator<undefined, Problem[]> {
  const problems: Problem[] = [];
  const meters = new Set(book.meters.map(({ id }) => id));
  const pools = new Map(book.pools.map((pool) => [pool.id, pool]));
  const used = new Set<string | null>();
  for (const one of book.interfaces) {
    yield;
    if (!isMeasured(one)) used.add(one.pool);
    else for (const { to } of one.charges) for (const { pool } of Object.values(to)) used.add(pool);
  }
  for (const [i, pool] of book.pools.entries()) {
    yield;
    if (pool.meter !== undefined && !meters.has(pool.meter))
      problems.push({ path: `pools.${i}.meter`, message: `there is no meter ${pool.meter}` });
    if (!used.has(pool.id)) {
      problems.push({ path: `pools.${i}`, message: `${pool.id} has no interface` });
    }
  }
  for (const [i, one] of book.interfaces.entries()) {
    yield;
    const path = `interfaces.${i}`;
    if (!isMeasured(one)) {
      for (const problem of destinationProblems(one, path, { meters, pools })) problems.push(problem);
      continue;
    }
    for (const problem of measureProblems(one, path)) problems.push(problem);
    for (const [k, { to }] of one.charges.entries()) {
      yield;
      for (const [measure, destination] of Object.entries(to))
        for (const problem of destinationProblems(destination, `${path}.charges.${k}.to.${measure}`, {
          meters,
          pools,
        }))
          problems.push(problem);
    }
  }
  for (const [i, { pool }] of (book.grants ?? []).entries())
    if (!pools.has(pool)) problems.push({ path: `grants.${i}.pool`, message: `there is no pool ${pool}` });
  return [...problems, ...(yield* unitProblems(book))];
}
