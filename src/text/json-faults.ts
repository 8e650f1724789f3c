/**
 * Finds what JSON.parse silently loses: the first of two members with the same name, digits beyond a double, an
 * unpaired surrogate. Each would make a reader record something else than was written.
 */
import { survives } from './json-numbers.ts';

/** Maximum nesting; deeper values are refused, since recursion could exhaust the stack. */
export const DEPTH_MAX = 64;

export interface JsonFault {
  readonly kind: 'deep' | 'large' | 'duplicate' | 'number' | 'surrogate';
  /** Path of the member, with dots; empty for the value itself. */
  readonly field: string;
  /** For people: completes "FIELD …". */
  readonly detail: string;
}

interface Level {
  /** Names of an object so far; null in an array. */
  readonly names: Set<string> | null;
  /** The member that is being read: its name, or its index. */
  member: string | number;
}

const NUMBER = /-?\d[\d.eE+-]*/y;
const SHOWN = 40;
const PATH_SHOWN = 200;
const [QUOTE, COMMA, COLON] = [0x22, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * The first fault of a valid JSON text; null if JSON.parse reads it losslessly. Linear time. `halves`: unpaired
 * surrogates are allowed, since JSON can write them back. `depth`: how deep it may be nested.
 */
export const jsonFault = (text: string, halves = false, depth = DEPTH_MAX): JsonFault | null => {
  const levels: Level[] = [];
  let level: Level | undefined;
  /** In an object: a name is expected next. */
  let isName = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      const end = endOfString(text, i);
      const fault = stringFault(text.slice(i, end + 1), levels, isName ? level : undefined, halves);
      if (fault) return fault;
      i = end;
    } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      if (levels.length === depth) return faultOf('deep', [], deepThan(depth));
      isName = code === OPEN_OBJECT;
      level = { names: isName ? new Set() : null, member: isName ? '' : 0 };
      levels.push(level);
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
      levels.pop();
      level = levels.at(-1);
      isName = false;
    } else if (code === COMMA) {
      isName = level?.names != null;
      if (typeof level?.member === 'number') level.member += 1;
    } else if (code === COLON) {
      isName = false;
    } else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      NUMBER.lastIndex = i;
      const [number = ''] = NUMBER.exec(text) ?? [];
      if (!survives(number)) return faultOf('number', levels, inexact(number));
      i += number.length - 1;
    }
  }
  return null;
};

/** The fault of a string, quotes included; `named`: it is a member name of that object. */
const stringFault = (
  quoted: string,
  levels: readonly Level[],
  named: Level | undefined,
  halves: boolean,
): JsonFault | null => {
  const value: string = quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1);
  const isTwice = named?.names?.has(value) ?? false;
  if (named) {
    named.names?.add(value);
    named.member = value;
  }
  if (!halves && !value.isWellFormed()) return faultOf('surrogate', levels, HALF);
  return isTwice ? faultOf('duplicate', levels, TWICE) : null;
};

const deepThan = (depth: number): string => `is nested more than ${depth} deep`;
export const DEEP = deepThan(DEPTH_MAX);
export const TWICE = 'stands twice in one object';
/** Message for text that UTF-8 cannot represent. */
export const HALF = 'contains an unpaired surrogate';

/** A fault within some objects and arrays, of each the member that is being read. */
export const faultOf = (
  kind: JsonFault['kind'],
  levels: readonly Pick<Level, 'member'>[],
  detail: string,
): JsonFault => ({
  kind,
  field: levels
    .map(({ member }) => member)
    .join('.')
    .slice(0, PATH_SHOWN)
    .toWellFormed(),
  detail,
});

/** Message for a number that a double cannot represent. */
export const inexact = (number: string): string =>
  `is a number that cannot be held exactly: ${shortened(number)}`;

const shortened = (text: string): string => (text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`);

/** The end of a string that starts at a quote: its closing quote, or the text's end. */
const endOfString = (text: string, start: number): number => {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
};

/** Whether an odd number of backslashes precedes an index. */
const isEscaped = (text: string, at: number): boolean => {
  let before = at;
  while (text.charCodeAt(before - 1) === 0x5c) before -= 1;
  return (at - before) % 2 === 1;
};
