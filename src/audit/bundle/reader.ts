/** Reads a bundle line by line, in the order of its parts, and checks each line as far as possible at that point. */
import * as z from 'zod';
import type { KeyInChain } from '../../checkpoint/key-succession.ts';
import type { Bill } from '../../domain/bill.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { digesting } from '../../integrity/sha256.ts';
import { checkShape, EVENT_RECORDS_SIZE, RECORD_LINE_MAX, RECORDS_MAX, within } from './bundle-bounds.ts';
import * as format from './format.ts';
import { addEvent, type OnEvent, type Reading, TAKE } from './parts-read.ts';
import type { Report } from './verdict.ts';
import { type Books, openBooks } from './verify-books.ts';
import type { BundleEvents } from './verify-events.ts';

export interface Reader {
  /** Reads a line; returns false if reading cannot continue. */
  line(text: string): boolean;
  isBroken(): boolean;
  lines(): number;
  recordLines(): number;
  /** The event that is being read or expected next; undefined before the `about` line. */
  place(): EventPlace | undefined;
  read(): {
    readonly about: z.infer<typeof format.about> | null;
    readonly hasLedger: boolean;
    /** The account's name, as the file has it; null: it has none. */
    readonly holder: string | null;
    readonly bill: Bill | null;
    readonly books: Books;
    readonly events: BundleEvents | null;
    readonly keys: readonly KeyInChain[] | null;
    readonly checkpoint: z.infer<typeof format.checkpoint> | null;
    readonly envelope: string | null;
  };
  /** Finishes the replay, compares it with the bill, and counts events and records. */
  counted(): { events: number; records: number };
  digests(): format.Manifest['parts'];
}

interface EventPlace {
  readonly stream: string;
  readonly revision: number;
}

/** Parts that occur at most once. */
const ONCE: ReadonlySet<format.Part> = new Set([
  'about',
  'holder',
  'ledger',
  'bill',
  'keys',
  'checkpoint',
  'manifest',
]);
/** Finds the value of `part` in a line's text, without parsing it twice. */
const PART = new RegExp(`"part":"(${format.PARTS.join('|')})"`);

/** Reads a bundle's lines; stops when the report is full. */
export const openReader = (
  report: Report,
  isFull: () => boolean,
  onEvent: OnEvent = () => undefined,
): Reader => {
  const reading: Reading = {
    ...{ report, isFull, onEvent, digests: new Map(), books: openBooks(report) },
    ...{ about: null, holder: null, bill: null, events: null, keys: null, checkpoint: null, envelope: null },
    ...{ hasLedger: false, isBroken: false, lines: 0, recordLines: 0, last: null, open: null },
  };
  return {
    line: (text) => lineOf(reading, text),
    isBroken: () => reading.isBroken,
    lines: () => reading.lines,
    recordLines: () => reading.recordLines,
    place: () => placeOf(reading),
    read: () => reading,
    counted: () => {
      const { events, bill } = reading;
      return events && bill ? events.end(bill) : { events: 0, records: 0 };
    },
    digests: () =>
      [...reading.digests].map(([part, { lines, digest }]) => ({ part, lines, sha256: digest.hex() })),
  };
};

const lineOf = (reading: Reading, text: string): boolean => {
  if (reading.isFull()) reading.isBroken = true;
  if (reading.isBroken) return false;
  reading.lines += 1;
  return reading.open ? record(reading, reading.open, text) : start(reading, text);
};

const noted = ({ digests }: Reading, part: format.Part, text: string): void => {
  const state = digests.get(part) ?? { lines: 0, digest: digesting() };
  digests.set(part, state);
  state.lines += 1;
  state.digest.update(`${text}\n`);
};

/** The event that is being read, or the one expected next. */
const placeOf = ({ about, open, last, books, events }: Reading): EventPlace | undefined => {
  if (!about) return undefined;
  if (open) return { stream: about.stream, revision: open.line.revision };
  if (last === 'edition') return { stream: books.chain.stream, revision: books.chain.next() };
  const isBefore = last === 'about' || last === 'holder' || last === 'ledger' || last === 'bill';
  if (isBefore) return { stream: about.stream, revision: about.from };
  return { stream: about.stream, revision: events?.chain.next() ?? about.from };
};

const fail = (
  reading: Reading,
  part: format.Part | 'file',
  what: string,
  expected: unknown,
  found: unknown,
): false => {
  reading.report(part, what, expected, found, placeOf(reading));
  reading.isBroken = true;
  return false;
};

/** Reads a record line of an event. */
const record = (reading: Reading, open: NonNullable<Reading['open']>, text: string): boolean => {
  noted(reading, 'event', text);
  reading.recordLines += 1;
  open.records.push(text);
  open.size += text.length;
  try {
    within('characters of a record', text.length, RECORD_LINE_MAX);
    within('characters of the records of one event', open.size, EVENT_RECORDS_SIZE);
    within('records', reading.recordLines, RECORDS_MAX);
    if (open.records.length < (open.line.records ?? 0)) return true;
    addEvent(reading, open.line, open.records);
  } catch (error) {
    return fail(reading, 'event', 'content', 'an event that can be read', sentence(error));
  }
  reading.open = null;
  return true;
};

/** Reads a line that begins with its part. */
const start = (reading: Reading, text: string): boolean => {
  const { last, lines } = reading;
  const part = PART.exec(text)?.[1] as format.Part | undefined;
  if (!part) return fail(reading, 'file', `line ${lines}`, 'a line of a known part', text);
  const order = format.PARTS.indexOf(part) - (last === null ? -1 : format.PARTS.indexOf(last));
  if (order < 0 || (order === 0 && ONCE.has(part)))
    return fail(reading, part, `line ${lines}`, `what follows ${last}`, part);
  reading.last = part;
  if (part !== 'manifest') noted(reading, part, text);
  try {
    checkShape(text);
    const value: unknown = JSON.parse(text);
    // Only canonical JSON: no duplicate or ignored members.
    if (canonicalJson(value) !== text) return fail(reading, part, `line ${lines}`, 'canonical JSON', text);
    TAKE[part](reading, value, text);
    return true;
  } catch (error) {
    return fail(reading, part, `line ${lines}`, 'a line that can be read', sentence(error));
  }
};

/** Only the first issue of a schema error: the text of all issues may be as long as the file. */
const sentence = (error: unknown): string => {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'malformed'}`;
  }
  return error instanceof Error ? error.message : String(error);
};
