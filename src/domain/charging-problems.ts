/**
 * What makes an interface's measures, classes and destinations sound (price-books.md, "Several quantities in one call"
 * and "The call chooses the price"): every reference resolves, every measure goes somewhere, and what is added up has
 * one unit.
 */
import { indexOf } from './catalogue.ts';
import { chargings, isMeasured } from './charging.ts';
import type { Destination, MeasuredInterface, Name, Pool, PriceBook } from './price-book.ts';
import type { Problem } from './price-book-bounds.ts';

export interface Known {
  readonly meters: ReadonlySet<string>;
  readonly pools: ReadonlyMap<string, Pool>;
}

/** The problems of where units go: `path` is the interface's, or the class's for a measure. */
export const destinationProblems = (
  { pool: id, meter, weight }: Destination,
  path: string,
  { meters, pools }: Known,
): Problem[] => {
  const problems: Problem[] = [];
  const pool = id === null ? undefined : pools.get(id);
  if (id !== null && !pool) problems.push({ path: `${path}.pool`, message: `there is no pool ${id}` });
  if (meter !== null && !meters.has(meter))
    problems.push({ path: `${path}.meter`, message: `there is no meter ${meter}` });
  if (pool?.meter !== undefined && meter !== pool.meter)
    problems.push({ path: `${path}.meter`, message: `its pool lies in the meter ${pool.meter}` });
  if (pool && pool.meter === undefined && meter === null)
    problems.push({ path: `${path}.meter`, message: 'what a pool pays for needs a meter' });
  if (weight !== undefined && id === null)
    problems.push({ path: `${path}.weight`, message: 'there is no pool whose points it could take' });
  return problems;
};

/** The problems of an interface's measures, totals and classes by themselves. */
export const measureProblems = (one: MeasuredInterface, path: string): Problem[] => {
  const problems: Problem[] = [];
  const say = (at: string, message: string) => problems.push({ path: `${path}.${at}`, message });
  const measures = new Set<string>();
  for (const [i, { id }] of one.measures.entries()) {
    if (measures.has(id)) say(`measures.${i}.id`, `${id} stands here twice`);
    measures.add(id);
  }
  const names = new Set(measures);
  for (const [i, { id, of }] of (one.totals ?? []).entries()) {
    if (names.has(id)) say(`totals.${i}.id`, `${id} stands here twice`);
    names.add(id);
    for (const [k, measure] of of.entries())
      if (!measures.has(measure)) say(`totals.${i}.of.${k}`, `there is no measure ${measure}`);
      else if (of.indexOf(measure) < k) say(`totals.${i}.of.${k}`, `${measure} stands here twice`);
  }
  const classes = new Set<string>();
  for (const [i, { id, when, to }] of one.charges.entries()) {
    const at = `charges.${i}`;
    const isLast = i === one.charges.length - 1;
    if (classes.has(id)) say(`${at}.id`, `${id} stands here twice`);
    classes.add(id);
    if (isLast && when) say(`${at}.when`, 'the last class has no condition: what meets no other is of it');
    if (!isLast && !when) say(`${at}.when`, 'only the last class has no condition');
    if (when && !when.quantities && !when.time && !when.attributes) say(`${at}.when`, 'asks for nothing');
    for (const [k, { of, above, upTo }] of (when?.quantities ?? []).entries()) {
      if (!names.has(of)) say(`${at}.when.quantities.${k}.of`, `there is no measure or total ${of}`);
      if (upTo !== null && upTo <= above)
        say(`${at}.when.quantities.${k}`, `bounds must rise: ${above} to ${upTo}`);
    }
    if (Object.keys(when?.attributes ?? {}).length > ATTRIBUTES_MAX)
      say(`${at}.when.attributes`, `a record has at most ${ATTRIBUTES_MAX} attributes`);
    for (const measure of measures)
      if (!Object.hasOwn(to, measure)) say(`${at}.to`, `does not say where ${measure} goes`);
    for (const measure of Object.keys(to))
      if (!measures.has(measure)) say(`${at}.to.${measure}`, `there is no measure ${measure}`);
  }
  return problems;
};

/** Limit on the attributes, and on the tags, of one record. */
const ATTRIBUTES_MAX = 8;

/** What is added up has one unit: all that goes to one meter, and to one pool without weights. */
export function* unitProblems(book: PriceBook): Generator<undefined, Problem[]> {
  const problems: Problem[] = [];
  const units = { meter: new Map<string, Name>(), pool: new Map<string, Name>() };
  const weighted = new Set<string>();
  const all = [...chargings(book).values()];
  for (const { classes } of all)
    for (const { parts } of classes)
      for (const { pool, weight } of parts) if (pool !== null && weight > 1) weighted.add(pool);
  const path = new Map(book.interfaces.map(({ id }, i) => [id, `interfaces.${i}`]));
  for (const { interface: one, classes } of all) {
    yield;
    for (const { parts } of classes)
      for (const { meter, pool, unit } of parts) {
        if (unit === null) continue;
        for (const [kind, id] of [['meter', meter] as const, ['pool', pool] as const]) {
          if (id === null || (kind === 'pool' && weighted.has(id))) continue;
          const other = units[kind].get(id);
          if (!other) units[kind].set(id, unit);
          else if (!isSame(other, unit))
            problems.push({
              path: path.get(one.id) ?? 'interfaces',
              message: `counts ${unit.en}, but the ${kind} ${id} counts ${other.en}`,
            });
        }
      }
  }
  return problems;
}

/** Why an edition cannot follow others of its product: what a known id counts stays what it was. */
export const successionProblems = (before: PriceBook, after: PriceBook): Problem[] => {
  const known = new Map(before.interfaces.map((one) => [one.id, one]));
  const problems: Problem[] = [];
  const [was, is] = [indexOf(before).units, indexOf(after).units];
  for (const kind of ['meters', 'pools'] as const)
    for (const [i, { id }] of after[kind].entries()) {
      const [other, unit] = [was.get(id), is.get(id)];
      if (other && unit && !isSame(other, unit))
        problems.push({
          path: `${kind}.${i}`,
          message: `${id} counted ${other.en} in edition ${before.edition}, not ${unit.en}`,
        });
    }
  for (const [i, one] of after.interfaces.entries()) {
    const was = known.get(one.id);
    if (!was) continue;
    if (isMeasured(was) !== isMeasured(one)) {
      const [from, to] = isMeasured(one) ? ['calls', 'measures'] : ['measures', 'calls'];
      problems.push({
        path: `interfaces.${i}`,
        message: `${one.id} counted ${from} in edition ${before.edition}, and cannot turn to ${to}`,
      });
      continue;
    }
    for (const [measure, unit, at] of unitsOfInterface(one)) {
      const other = unitsOfInterface(was).find(([id]) => id === measure)?.[1];
      if (other && unit && !isSame(other, unit))
        problems.push({
          path: `interfaces.${i}${at}`,
          message: `${measure ?? one.id} counted ${other.en} in edition ${before.edition}, not ${unit.en}`,
        });
    }
  }
  return problems;
};

const isSame = (a: Name, b: Name): boolean => a.zh === b.zh && a.en === b.en;

const unitsOfInterface = (
  one: PriceBook['interfaces'][number],
): readonly (readonly [measure: string | null, unit: Name | null, path: string])[] =>
  isMeasured(one)
    ? one.measures.map(({ id, unit }, i) => [id, unit, `.measures.${i}.unit`] as const)
    : [[null, one.unit ?? null, '.unit'] as const];
