/**
 * Parses the bytes of a long JSON text token by token, as strictly as `strictJson`: a generator that yields every few
 * thousand bytes, so that the caller can do other work. Stops at the first part that exceeds its reader's limits (a string
 * of megabytes, a million members). The text is never whole: megabytes of it would take milliseconds to put together.
 */
import { Buffer } from 'node:buffer';
import { DEEP, DEPTH_MAX, faultOf, HALF, inexact, type JsonFault, TWICE } from './json-faults.ts';
import { survives } from './json-numbers.ts';
import type { StrictJson } from './strict-json.ts';

export interface JsonMax {
  /** Values in all, names of members among them. */
  readonly values: number;
  /** Members of one object. */
  readonly members: number;
  /** Entries of one list: to grow a long one is a step that takes milliseconds. */
  readonly entries: number;
  /** Characters of one text or number. */
  readonly characters: number;
}

/** An object or array that is being read. */
interface Level {
  /** Null in an object. */
  readonly list: unknown[] | null;
  readonly object: Record<string, unknown>;
  /** The member that is being read: its name, or its index. */
  member: string | number;
  members: number;
}

type Expected = 'value' | 'value or end' | 'name' | 'name or end' | 'colon' | 'comma or end' | 'nothing';

/** Bytes between two yields; a token counts for some more. */
const STEP = 4 * 1024;
const TOKEN = 16;
/** Most bytes of a character, by the length of text that it takes. */
const BYTES = 3;
const NAME_SHOWN = 100;
const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

/** Reads a JSON text from its bytes, which must be UTF-8. Never throws. */
export function* jsonInSteps(utf8: Uint8Array, max: JsonMax): Generator<undefined, StrictJson> {
  const bytes = Buffer.from(utf8.buffer, utf8.byteOffset, utf8.length);
  const levels: Level[] = [];
  let level: Level | undefined;
  let root: unknown;
  let expected: Expected = 'value';
  let [values, since] = [0, 0];

  const put = (value: unknown): void => {
    if (!level) root = value;
    else if (level.list) level.list.push(value);
    else setOwn(level.object, String(level.member), value);
    expected = level ? 'comma or end' : 'nothing';
  };

  for (let at = 0; ; ) {
    if (at + values * TOKEN - since >= STEP) {
      since = at + values * TOKEN;
      yield;
    }
    const code = bytes[at] ?? 0;
    if (isBlank(code)) {
      at = blanksEnd(bytes, at);
      continue;
    }
    if (at >= bytes.length)
      return expected === 'nothing' ? { ok: true, value: root } : notJson('unexpected end of JSON input');
    if (code === COMMA && expected === 'comma or end' && level) {
      if (typeof level.member === 'number') level.member += 1;
      if (level.list?.length === max.entries)
        return failed('large', `has at most ${max.entries} entries`, levels.slice(0, -1));
      expected = level.list ? 'value' : 'name';
      at += 1;
    } else if (code === COLON && expected === 'colon') {
      expected = 'value';
      at += 1;
    } else if (level && code === (level.list ? CLOSE_LIST : CLOSE_OBJECT) && expected.endsWith('end')) {
      levels.pop();
      level = levels.at(-1);
      expected = level ? 'comma or end' : 'nothing';
      at += 1;
    } else {
      const isName = expected.startsWith('name');
      if (isName ? code !== QUOTE : !expected.startsWith('value')) return unexpected(at);
      values += 1;
      if (values > max.values) return failed('large', `has more than ${max.values} values`);
      if (code === OPEN_LIST || code === OPEN_OBJECT) {
        if (levels.length === DEPTH_MAX) return failed('deep', DEEP);
        const opened = openedBy(code);
        put(opened.list ?? opened.object);
        levels.push(opened);
        level = opened;
        expected = opened.list ? 'value or end' : 'name or end';
        at += 1;
        continue;
      }
      const end = (code === QUOTE ? endOfString : endOfWord)(bytes, at, BYTES * max.characters);
      const token = bytes.toString('utf8', at, end);
      if (isName && level) level.member = token.slice(1, NAME_SHOWN);
      if (token.length > max.characters)
        return failed('large', `has more than ${max.characters} characters`, levels);
      const value = scalarOf(token);
      if (value === undefined) return unexpected(at);
      if (typeof value === 'number' && !survives(token)) return failed('number', inexact(token), levels);
      if (isName && level) {
        level.member = String(value);
        if (Object.hasOwn(level.object, level.member)) return failed('duplicate', TWICE, levels);
        level.members += 1;
        if (level.members > max.members)
          return failed('large', `has more than ${max.members} members in one object`);
        expected = 'colon';
      }
      if (typeof value === 'string' && !value.isWellFormed()) return failed('surrogate', HALF, levels);
      if (!isName) put(value);
      at = end;
    }
  }
}

/** Starts a list or an object at its opening bracket. */
const openedBy = (code: number): Level =>
  code === OPEN_LIST
    ? { list: [], object: OF_A_LIST, member: 0, members: 0 }
    : { list: null, object: {}, member: '', members: 0 };

/** Placeholder in the stack for a list's object. */
const OF_A_LIST: Record<string, unknown> = Object.freeze({});

const failed = (kind: JsonFault['kind'], detail: string, within: readonly Level[] = []): StrictJson => ({
  ok: false,
  fault: faultOf(kind, within, detail),
});

const notJson = (why: string): StrictJson => ({
  ok: false,
  fault: { kind: 'syntax', field: '', detail: `is not valid JSON: ${why}` },
});
const unexpected = (at: number): StrictJson => notJson(`unexpected character at byte ${at}`);

/** Sets an own member of an object, whatever its name. */
const setOwn = (object: Record<string, unknown>, name: string, value: unknown): void => {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
};

const isBlank = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** The end of blanks, or of a step. */
const blanksEnd = (bytes: Buffer, from: number): number => {
  let at = from;
  while (at - from < STEP && isBlank(bytes[at] ?? 0)) at += 1;
  return at;
};

/** Index after a string's closing quote, or of the text's end, or beyond the limit of its length. */
const endOfString = (bytes: Buffer, from: number, most: number): number => {
  const last = Math.min(bytes.length, from + most + 1);
  for (let at = from + 1; at < last; at++) {
    const code = bytes[at];
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at += 1;
  }
  return last;
};

/** The same of a number or a word. */
const endOfWord = (bytes: Buffer, from: number, most: number): number => {
  const last = Math.min(bytes.length, from + most + 1);
  let at = from + 1;
  while (at < last && isWord(bytes[at] ?? 0)) at += 1;
  return at;
};
const isWord = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0x61 && code <= 0x7a) ||
  // + - . E
  [0x2b, 0x2d, 0x2e, 0x45].includes(code);

/** The value of a string, a number or a literal; undefined if it is invalid. */
const scalarOf = (token: string): unknown => {
  try {
    return JSON.parse(token);
  } catch {
    return undefined;
  }
};
