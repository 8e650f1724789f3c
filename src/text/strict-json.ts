/**
 * Strict JSON: a text is read losslessly or refused with a reason. JSON.parse alone rounds numbers, drops the first of
 * two members with the same name, and accepts unpaired surrogates.
 */
import { DEPTH_MAX, type JsonFault, jsonFault } from './json-faults.ts';

export type StrictJson =
  | { readonly ok: true; readonly value: unknown; readonly fault?: undefined }
  /** `value` is the result of JSON.parse; absent if the text is not JSON. */
  | { readonly ok: false; readonly fault: JsonFault | NotJson; readonly value?: unknown };

export interface NotJson {
  readonly kind: 'syntax';
  readonly field: '';
  readonly detail: string;
}

/**
 * Reads a JSON text. Never throws. `halves`: an unpaired surrogate is text like other text; `depth`: how deep it may be
 * nested.
 */
export const strictJson = (text: string, { halves = false, depth = DEPTH_MAX } = {}): StrictJson => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return {
      ok: false,
      fault: { kind: 'syntax', field: '', detail: `is not valid JSON: ${messageOf(error)}` },
    };
  }
  const fault = isPlain(text, value) || isSimple(text, value) ? null : jsonFault(text, halves, depth);
  return fault === null ? { ok: true, value } : { ok: false, fault, value };
};

/** The engine's message of a syntax error, without the quoted text. */
const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message.replace(/, (\.\.\.)?".*$/s, '') : String(error);

/**
 * Whether a text is the shortest one of its value. Such a text cannot have a fault: no duplicate member, no extra
 * digits, no escape. Comparing lengths costs a tenth of scanning the text; a text with spaces, an escape or a fraction
 * is undecided, and scanned.
 */
export const isPlain = (text: string, value: unknown): boolean => text.length === plainLength(value);

/** Length of the shortest text of a value; NaN if unknown. */
export const plainLength = (value: unknown): number => lengthOf(value, DEPTH_MAX);

const lengthOf = (value: unknown, levels: number): number => {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value === 'number') return lengthOfNumber(value);
  if (typeof value === 'boolean') return value ? 4 : 5;
  if (value === null) return 4;
  if (typeof value !== 'object' || levels === 0) return Number.NaN;
  // Two brackets, and a comma after each member but the last.
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

/** Integers whose digits are their shortest text; 1000 is not one (`1e3`). */
const lengthOfNumber = (value: number): number => {
  if (!Number.isSafeInteger(value) || value < 0 || Object.is(value, -0)) return Number.NaN;
  if (value < 10) return 1;
  return value % 1000 === 0 ? Number.NaN : String(value).length;
};

const NUMBER_SURE = 15;

/**
 * Whether a text without escapes has as many members as its value, and no long number or exponent: then it has no
 * fault. Skips strings, so it costs a quarter of a full scan.
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
      // Also for `true` and `false`, which no digit precedes.
      if (digits > 0) return false;
    } else {
      if (digits > NUMBER_SURE) return false;
      digits = 0;
      if (code === 0x3a) colons += 1;
    }
  }
  return digits <= NUMBER_SURE && colons === membersOf(value, DEPTH_MAX);
};

/** Number of members of all objects in a value; NaN if it is too deep. */
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
