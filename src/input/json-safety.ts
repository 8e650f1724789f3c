/**
 * JSON that can be worked with: its text is text that UTF-8 can hold (JSON may escape an unpaired surrogate,
 * `"\ud800"`, which no canonical text can say), and it is not nested so deep that looking at it ends the process.
 */

export const NOT_WELL_FORMED = 'contains an unpaired surrogate';
const PATH_SHOWN = 200;
export const DEPTH_MAX = 64;

/** The field, as a path with dots, whose text or name is not well formed; null where none is. */
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

/** Whether a value is nested deeper than so many levels; stops looking where it is. */
export const isDeep = (value: unknown, levels = DEPTH_MAX): boolean => {
  if (!isNested(value)) return false;
  if (levels === 0) return true;
  // Every body is looked at: a list by its places, since `in` would make a text of each.
  if (Array.isArray(value)) return value.some((inner) => isNested(inner) && isDeep(inner, levels - 1));
  for (const key in value) {
    const inner = value[key];
    if (isNested(inner) && isDeep(inner, levels - 1)) return true;
  }
  return false;
};

const isNested = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
