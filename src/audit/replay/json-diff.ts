/** Two JSON values compared, place by place. */

/** A place where what was recorded is not what comes out; `path` names it, `event` where it was recorded. */
export interface Difference {
  readonly event: { readonly stream: string; readonly revision: number };
  readonly path: string;
  readonly recorded: unknown;
  readonly replayed: unknown;
}

const MOST = 50;

/** Where two values differ, at most fifty places; `undefined` and absent are the same. */
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
