/**
 * JSON read strictly: what a text says is what is read, or it is refused by name. JSON.parse alone rounds numbers,
 * drops the first of two members of one name, and takes an unpaired surrogate for text.
 */
import { DEPTH_MAX, type JsonFault, jsonFault } from './json-faults.ts';

export type StrictJson =
  | { readonly ok: true; readonly value: unknown; readonly fault?: undefined }
  /** `value` is what JSON.parse makes of it; absent where it is not JSON at all. */
  | { readonly ok: false; readonly fault: JsonFault | NotJson; readonly value?: unknown };

export interface NotJson {
  readonly kind: 'syntax';
  readonly field: '';
  readonly detail: string;
}

/** Reads a JSON text. Never throws. `halves`: an unpaired surrogate is text like other text. */
export const strictJson = (text: string, { halves = false } = {}): StrictJson => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return {
      ok: false,
      fault: { kind: 'syntax', field: '', detail: `is not valid JSON: ${messageOf(error)}` },
    };
  }
  const fault = isPlain(text, value) || isSimple(text, value) ? null : jsonFault(text, halves);
  return fault === null ? { ok: true, value } : { ok: false, fault, value };
};

/** What the engine says of a syntax error, without the text it quotes. */
const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message.replace(/, (\.\.\.)?".*$/s, '') : String(error);

/**
 * Whether a text is the shortest that says a value. Such a text has room for nothing else: no member twice, no further
 * digits, no escape. It is measured because looking at the text itself costs ten times as much; a text with spaces, an
 * escape or a fraction is unknown, and parsed.
 */
export const isPlain = (text: string, value: unknown): boolean => text.length === plainLength(value);

/** Length of the shortest text of a value; NaN where that is unknown. */
export const plainLength = (value: unknown): number => lengthOf(value, DEPTH_MAX);

const lengthOf = (value: unknown, levels: number): number => {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value === 'number') return lengthOfNumber(value);
  if (typeof value === 'boolean') return value ? 4 : 5;
  if (value === null) return 4;
  if (typeof value !== 'object' || levels === 0) return Number.NaN;
  // Two brackets, and a comma behind each member but the last.
  let length = 1;
  if (Array.isArray(value)) {
    for (const inner of value) length += lengthOf(inner, levels - 1) + 1;
  } else {
    for (const name in value) {
      const inner = (value as Readonly<Record<string, unknown>>)[name];
      length += name.length + 4 + lengthOf(inner, levels - 1);
    }
  }
  return length === 1 ? 2 : length;
};

/** Integers whose digits are their shortest text: 1000 is not one (`1e3`). */
const lengthOfNumber = (value: number): number => {
  if (!Number.isSafeInteger(value) || value < 0 || Object.is(value, -0)) return Number.NaN;
  if (value < 10) return 1;
  return value % 1000 === 0 ? Number.NaN : String(value).length;
};

const NUMBER_SURE = 15;

/**
 * Whether a text without escapes has as many members as its value, and no number that is long or has an exponent: then
 * it has no fault either. Jumps over strings, so it costs a quarter of a look at each character.
 */
const isSimple = (text: string, value: unknown): boolean => {
  if (text.includes('\\')) return false;
  let colons = 0;
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) i = text.indexOf('"', i + 1);
    else if ((code >= 0x30 && code <= 0x39) || code === 0x2e) digits += 1;
    else if (code === 0x65 || code === 0x45) {
      // Also in `true`, `false`: there no digit stands before.
      if (digits > 0) return false;
    } else {
      if (digits > NUMBER_SURE) return false;
      digits = 0;
      if (code === 0x3a) colons += 1;
    }
  }
  return digits <= NUMBER_SURE && colons === membersOf(value, DEPTH_MAX);
};

/** Members of all objects in a value; NaN where it is too deep. */
const membersOf = (value: unknown, levels: number): number => {
  if (typeof value !== 'object' || value === null) return 0;
  if (levels === 0) return Number.NaN;
  let members = 0;
  if (Array.isArray(value)) for (const inner of value) members += membersOf(inner, levels - 1);
  else
    for (const name in value)
      members += 1 + membersOf((value as Readonly<Record<string, unknown>>)[name], levels - 1);
  return members;
};
