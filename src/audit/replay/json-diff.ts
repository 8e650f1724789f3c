/** Compares two JSON values path by path. */

/** A difference between a recorded value and the replayed one, at a path of an event. */
export interface Difference {
  readonly event: { readonly stream: string; readonly revision: number };
  readonly path: string;
  readonly recorded: unknown;
  readonly replayed: unknown;
}

const MOST = 50;

/** The paths at which two values differ, at most fifty; `undefined` and absent are equal. */
export const differingPaths = (
  recorded: unknown,
  replayed: unknown,
  path = '',
): { path: string; recorded: unknown; replayed: unknown }[] => {
  if (Object.is(recorded, replayed)) return [];
  if (!isObject(recorded) || !isObject(replayed)) return [{ path, recorded, replayed }];
  const keys = [...new Set([...Object.keys(recorded), ...Object.keys(replayed)])].sort();
  return keys
    .flatMap((key) => differingPaths(recorded[key], replayed[key], path === '' ? key : `${path}.${key}`))
    .slice(0, MOST);
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
