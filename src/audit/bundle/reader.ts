/** A bundle's lines taken one by one, in the order of its parts; each is checked as far as it can be by then. */
import * as z from 'zod';
import type { KeyInChain } from '../../checkpoint/key-succession.ts';
import type { Bill } from '../../domain/bill.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { type Digesting, digesting } from '../../integrity/sha256.ts';
import {
  checkShape,
  EVENT_RECORDS_MAX,
  EVENT_RECORDS_SIZE,
  RECORD_LINE_MAX,
  RECORDS_MAX,
  within,
} from './bundle-bounds.ts';
import * as format from './format.ts';
import type { Report } from './verdict.ts';
import { type Books, openBooks } from './verify-books.ts';
import { type BundleEvents, openBundleEvents } from './verify-facts.ts';
import { verifyLedger } from './verify-ledger.ts';

export interface Reader {
  /** Takes a line; false when the file cannot be read on. */
  line(text: string): boolean;
  isBroken(): boolean;
  lines(): number;
  recordLines(): number;
  /** The event that is being read, or should come next; none before it is known what the file is about. */
  place(): EventPlace | undefined;
  read(): {
    readonly about: z.infer<typeof format.about> | null;
    readonly hasLedger: boolean;
    readonly bill: Bill | null;
    readonly books: Books;
    readonly facts: BundleEvents | null;
    readonly keys: readonly KeyInChain[] | null;
    readonly checkpoint: z.infer<typeof format.checkpoint> | null;
    readonly envelope: string | null;
  };
  /** Events and records decided again; compares them with the bill. */
  counted(): { events: number; records: number };
  digests(): format.Manifest['parts'];
}

interface EventPlace {
  readonly stream: string;
  readonly revision: number;
}

/** Parts that come at most once. */
const ONCE: ReadonlySet<format.Part> = new Set([
  'about',
  'holder',
  'ledger',
  'bill',
  'keys',
  'checkpoint',
  'manifest',
]);
/** How a line that is whole begins; the value of `part` is looked for in its text, without parsing it twice. */
const PART = new RegExp(`"part":"(${format.PARTS.join('|')})"`);

type EventLine = z.infer<typeof format.event>;

/** Reads a bundle's lines; it stops where the report is full. */
export const openReader = (report: Report, isFull: () => boolean): Reader => {
  const digests = new Map<format.Part, { lines: number; digest: Digesting }>();
  const books = openBooks(report);
  let about: z.infer<typeof format.about> | null = null;
  let bill: Bill | null = null;
  let facts: BundleEvents | null = null;
  let keys: readonly KeyInChain[] | null = null;
  let checkpoint: z.infer<typeof format.checkpoint> | null = null;
  let envelope: string | null = null;
  let hasLedger = false;
  let broken = false;
  let lines = 0;
  let recordLines = 0;
  let last: format.Part | null = null;
  /** An event whose records are still to come. */
  let open: { line: EventLine; records: string[]; size: number } | null = null;

  const noted = (part: format.Part, text: string): void => {
    const state = digests.get(part) ?? { lines: 0, digest: digesting() };
    digests.set(part, state);
    state.lines += 1;
    state.digest.update(`${text}\n`);
  };

  /** The event that is being read, or the one that should come next. */
  const place = (): EventPlace | undefined => {
    if (!about) return undefined;
    if (open) return { stream: about.stream, revision: open.line.revision };
    if (last === 'edition') return { stream: books.chain.stream, revision: books.chain.next() };
    const isBefore = last === 'about' || last === 'holder' || last === 'ledger' || last === 'bill';
    if (isBefore) return { stream: about.stream, revision: about.from };
    return { stream: about.stream, revision: facts?.chain.next() ?? about.from };
  };

  const fail = (part: format.Part | 'file', what: string, expected: unknown, found: unknown): false => {
    report(part, what, expected, found, place());
    broken = true;
    return false;
  };

  const addEvent = (line: EventLine, records: readonly string[] | null): void => {
    if (!about) throw new Error('the events come before what they are about');
    facts ??= openBundleEvents(about, books.catalogue(), report);
    facts.add(line, records);
  };

  const take: { readonly [Part in format.Part]: (value: unknown, text: string) => void } = {
    about: (value) => {
      about = format.about.parse(value);
      if (canonicalJson(about.proves) !== canonicalJson(format.PROVES))
        throw new Error('proves: other words');
      if (canonicalJson(about.doesNotProve) !== canonicalJson(format.DOES_NOT_PROVE))
        throw new Error('doesNotProve: other words');
    },
    holder: (value) => void format.holder.parse(value),
    ledger: (value) => {
      if (!about) throw new Error('what the file is about comes first');
      verifyLedger(about, format.ledger.parse(value), report);
      hasLedger = true;
    },
    bill: (value, text) => {
      bill = format.bill.parse(value).bill;
      if (canonicalJson({ part: 'bill', bill }) !== text) throw new Error('a bill has no other members');
    },
    edition: (value) => books.add(format.edition.parse(value)),
    event: (value) => {
      const line = format.event.parse(value);
      within('records of one event', line.records ?? 0, EVENT_RECORDS_MAX);
      open = { line, records: [], size: 0 };
      if (line.records === undefined) {
        addEvent(line, null);
        open = null;
      } else if (line.records === 0) {
        addEvent(line, []);
        open = null;
      }
    },
    link: (value) => {
      const line = format.link.parse(value);
      if (line.stream === books.chain.stream) facts?.laterEdition(line);
      const chain = [facts?.chain, books.chain].find((one) => one?.stream === line.stream);
      if (!chain) throw new Error(`${line.stream} is not a stream of this bundle`);
      chain.add('link', line, line.payload);
    },
    keys: (value) => {
      keys = format.keys.parse(value).keys;
    },
    checkpoint: (value) => {
      checkpoint = format.checkpoint.parse(value);
    },
    manifest: (_, text) => {
      envelope = text;
    },
  };

  const record = (text: string): boolean => {
    if (!open) return false;
    noted('event', text);
    recordLines += 1;
    open.records.push(text);
    open.size += text.length;
    try {
      within('characters of a record', text.length, RECORD_LINE_MAX);
      within('characters of the records of one event', open.size, EVENT_RECORDS_SIZE);
      within('records', recordLines, RECORDS_MAX);
      if (open.records.length < (open.line.records ?? 0)) return true;
      addEvent(open.line, open.records);
    } catch (error) {
      return fail('event', 'content', 'an event that can be read', sentence(error));
    }
    open = null;
    return true;
  };

  const start = (text: string): boolean => {
    const part = PART.exec(text)?.[1] as format.Part | undefined;
    if (!part) return fail('file', `line ${lines}`, 'a line of a known part', text);
    const order = format.PARTS.indexOf(part) - (last === null ? -1 : format.PARTS.indexOf(last));
    if (order < 0 || (order === 0 && ONCE.has(part)))
      return fail(part, `line ${lines}`, `what follows ${last}`, part);
    last = part;
    if (part !== 'manifest') noted(part, text);
    try {
      checkShape(text);
      const value: unknown = JSON.parse(text);
      // One value has one text: nothing is spelled twice, or stands there without being read.
      if (canonicalJson(value) !== text) return fail(part, `line ${lines}`, 'canonical JSON', text);
      take[part](value, text);
      return true;
    } catch (error) {
      return fail(part, `line ${lines}`, 'a line that can be read', sentence(error));
    }
  };

  return {
    line: (text) => {
      if (isFull()) broken = true;
      if (broken) return false;
      lines += 1;
      return open ? record(text) : start(text);
    },
    isBroken: () => broken,
    lines: () => lines,
    recordLines: () => recordLines,
    place,
    read: () => ({ about, hasLedger, bill, books, facts, keys, checkpoint, envelope }),
    counted: () => (facts && bill ? facts.end(bill) : { events: 0, records: 0 }),
    digests: () =>
      [...digests].map(([part, { lines: n, digest }]) => ({ part, lines: n, sha256: digest.hex() })),
  };
};

/** A schema says what is wrong with every place; the first will do, and the text of all may be as long as the file. */
const sentence = (error: unknown): string => {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'malformed'}`;
  }
  return error instanceof Error ? error.message : String(error);
};
