/**
 * Checks that JSON is safe to process: its strings are representable in UTF-8 (JSON may escape an unpaired surrogate,
 * `"\ud800"`, which has no canonical text), and it is not nested too deep for recursion.
 */

export const NOT_WELL_FORMED = 'contains an unpaired surrogate';
const PATH_SHOWN = 200;
const DEPTH_MAX = 64;

/** The path, with dots, of the first ill-formed string or name; null if none. */
export const brokenTextIn = (value: unknown, path = ''): string | null => {
  if (typeof value === 'string') return value.isWellFormed() ? null : path;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const own = path === '' ? key : `${path}.${key}`;
    const broken = key.isWellFormed() ? brokenTextIn(inner, own) : own.slice(0, PATH_SHOWN).toWellFormed();
    if (broken !== null) return broken;
  }
  return null;
};

/** Whether a value is nested deeper than a limit; stops at the first such place. */
export const isDeep = (value: unknown, levels = DEPTH_MAX): boolean => {
  if (!isNested(value)) return false;
  if (levels === 0) return true;
  // Every body passes here: lists are iterated by index, since `in` would create a string for each.
  if (Array.isArray(value)) return value.some((inner) => isNested(inner) && isDeep(inner, levels - 1));
  for (const key in value) {
    const inner = value[key];
    if (isNested(inner) && isDeep(inner, levels - 1)) return true;
  }
  return false;
};

const isNested = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
