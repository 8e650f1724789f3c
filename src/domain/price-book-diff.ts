/** What differs between two price books: entries by their ids, packs by their sizes, and of prices by how much. */
import { exact } from './money.ts';
import type { PriceBookFile } from './price-book.ts';

/** A place in which two books differ; null: it is not there. */
export interface Difference {
  readonly path: string;
  readonly before: string | number | boolean | null;
  readonly after: string | number | boolean | null;
  /** Of two prices: the change in percent, with one place. */
  readonly percent?: string;
}

type Value = string | number | boolean | null;

/** All differences, in the order of the first book; then what only the second has. */
export const bookDifferences = (before: PriceBookFile, after: PriceBookFile): Difference[] => {
  const [was, is] = [new Map<string, Value>(), new Map<string, Value>()];
  flatten(before, '', was);
  flatten(after, '', is);
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((path) => {
    const [old, now] = [was.get(path), is.get(path)];
    if (old === now) return [];
    return [{ path, before: old ?? null, after: now ?? null, ...percentOf(path, old, now) }];
  });
};

/** How an entry of a list is named in a path: by its id or size, else by its place. */
const keyOf = (entry: unknown, place: number): string => {
  if (typeof entry !== 'object' || entry === null) return String(place);
  const { id, size, name }: { id?: unknown; size?: unknown; name?: unknown } = entry;
  const known = id ?? size ?? (typeof name === 'string' ? name : place);
  return String(known);
};

const flatten = (value: unknown, path: string, into: Map<string, Value>): void => {
  if (Array.isArray(value)) {
    for (const [i, entry] of value.entries()) flatten(entry, `${path}[${keyOf(entry, i)}]`, into);
    return;
  }
  if (typeof value !== 'object' || value === null) {
    into.set(path, value as Value);
    return;
  }
  for (const [name, part] of Object.entries(value))
    flatten(part, path === '' ? name : `${path}.${name}`, into);
};

const percentOf = (path: string, old: Value | undefined, now: Value | undefined) => {
  if (!/rice$/.test(path) || typeof old !== 'string' || typeof now !== 'string') return {};
  if (exact(old).isZero()) return {};
  const percent = exact(now).minus(exact(old)).times(100).dividedBy(exact(old)).toFixed(1);
  return { percent: percent.startsWith('-') ? percent : `+${percent}` };
};
