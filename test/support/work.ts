/**
 * How much work a call does, counted and not timed: every walk over a list, a map, a set or an object's members counts
 * as many steps as it has entries, a sort n·log n. So a test can say that twice the input costs about twice as much,
 * however busy the machine is. What is counted is the built-in methods of this process while the work runs.
 */

type Method = (this: never, ...given: never[]) => unknown;

const ARRAY_METHODS = [
  ...[
    'indexOf',
    'lastIndexOf',
    'includes',
    'find',
    'findLast',
    'findIndex',
    'findLastIndex',
    'some',
    'every',
  ],
  ...['map', 'flatMap', 'filter', 'forEach', 'reduce', 'reduceRight', 'slice', 'concat', 'join', 'reverse'],
  ...['toReversed', 'toSorted', 'sort', 'splice', 'unshift', 'shift', 'entries', 'values', 'keys', 'flat'],
] as const;
const SORTS: ReadonlySet<string> = new Set(['sort', 'toSorted']);
/** Costs what it gives back. */
const PARTS: ReadonlySet<string> = new Set(['slice']);

/** Steps of `work`, which must not be left to run on behind its promise. */
export const workOf = async (work: () => unknown): Promise<number> => {
  let steps = 0;
  const restore: (() => void)[] = [];
  const counted = (
    holder: object,
    name: string | symbol,
    cost: (self: never, made: unknown) => number,
  ): void => {
    const before = Object.getOwnPropertyDescriptor(holder, name);
    const original = before?.value as Method | undefined;
    if (!before || !original) return;
    Object.defineProperty(holder, name, {
      ...before,
      value: function (this: never, ...given: never[]) {
        const made = original.apply(this, given);
        steps += cost(this, made);
        return made;
      },
    });
    restore.push(() => Object.defineProperty(holder, name, before));
  };
  const length = (list: readonly unknown[]): number => list.length;
  for (const name of ARRAY_METHODS)
    counted(Array.prototype, name, (list: readonly unknown[], made) => {
      if (SORTS.has(name)) return list.length * Math.max(1, Math.log2(list.length || 1));
      return PARTS.has(name) && Array.isArray(made) ? made.length : list.length;
    });
  counted(Array.prototype, Symbol.iterator, length);
  for (const kind of [Map.prototype, Set.prototype])
    for (const name of ['forEach', 'entries', 'values', 'keys', Symbol.iterator] as const)
      counted(kind, name, (self: { readonly size: number }) => self.size);
  const members = (name: 'keys' | 'values' | 'entries' | 'fromEntries'): void => {
    const original = Object[name] as (value: object) => readonly unknown[] | object;
    Object.defineProperty(Object, name, {
      configurable: true,
      writable: true,
      value: (value: object) => {
        const made = original.call(Object, value);
        steps += Array.isArray(made) ? made.length : 1;
        return made;
      },
    });
    restore.push(() =>
      Object.defineProperty(Object, name, { configurable: true, writable: true, value: original }),
    );
  };
  for (const name of ['keys', 'values', 'entries', 'fromEntries'] as const) members(name);
  try {
    await work();
  } finally {
    for (const undo of restore.reverse()) undo();
  }
  return steps;
};

/** By how much the work grows from an input of a size to one of twice that size. */
export const growth = async (of: (size: number) => () => unknown, size: number): Promise<number> => {
  const [once, twice] = [of(size), of(2 * size)];
  const before = await workOf(once);
  return (await workOf(twice)) / Math.max(1, before);
};

/** What twice the input may cost at the most: n·log n at these sizes, with room for what does not grow evenly. */
export const DOUBLED = 2.5;
