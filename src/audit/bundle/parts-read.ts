/** The state of reading a bundle, and how each part's lines are processed. */
import type * as z from 'zod';
import type { KeyInChain } from '../../checkpoint/key-succession.ts';
import type { Bill } from '../../domain/bill.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import type { Digesting } from '../../integrity/sha256.ts';
import { EVENT_RECORDS_MAX, within } from './bundle-bounds.ts';
import * as format from './format.ts';
import type { Report } from './verdict.ts';
import type { Books } from './verify-books.ts';
import { type BundleEvents, openBundleEvents } from './verify-events.ts';
import { verifyLedger } from './verify-ledger.ts';

export type EventLine = z.infer<typeof format.event>;

/** Called with each event of the account that was read, and its record lines; null: it can have none. */
export type OnEvent = (line: EventLine, records: readonly string[] | null) => void;

/** The parts of a bundle read so far. */
export interface Reading {
  readonly report: Report;
  readonly isFull: () => boolean;
  readonly onEvent: OnEvent;
  readonly digests: Map<format.Part, { lines: number; digest: Digesting }>;
  readonly books: Books;
  about: z.infer<typeof format.about> | null;
  holder: string | null;
  bill: Bill | null;
  events: BundleEvents | null;
  keys: readonly KeyInChain[] | null;
  checkpoint: z.infer<typeof format.checkpoint> | null;
  envelope: string | null;
  hasLedger: boolean;
  isBroken: boolean;
  lines: number;
  recordLines: number;
  /** The part of the last line. */
  last: format.Part | null;
  /** An event whose record lines follow. */
  open: { readonly line: EventLine; readonly records: string[]; size: number } | null;
}

/** Adds an event with its records (null: none). */
export const addEvent = (reading: Reading, line: EventLine, records: readonly string[] | null): void => {
  const { about, books, report } = reading;
  if (!about) throw new Error('the events precede the account they belong to');
  reading.events ??= openBundleEvents(about, books.catalogue(), report);
  reading.events.add(line, records);
  reading.onEvent(line, records);
};

/** Processes a line of each part; the record lines of an event are read separately. */
export const TAKE: {
  readonly [Part in format.Part]: (reading: Reading, value: unknown, text: string) => void;
} = {
  about: (reading, value) => {
    const about = format.about.parse(value);
    reading.about = about;
    if (canonicalJson(about.proves) !== canonicalJson(format.PROVES)) throw new Error('proves: other words');
    if (canonicalJson(about.doesNotProve) !== canonicalJson(format.DOES_NOT_PROVE))
      throw new Error('doesNotProve: other words');
  },
  holder: (reading, value) => {
    reading.holder = format.holder.parse(value).name;
  },
  ledger: (reading, value) => {
    if (!reading.about) throw new Error('the header is the first line');
    verifyLedger(reading.about, format.ledger.parse(value), reading.report);
    reading.hasLedger = true;
  },
  bill: (reading, value, text) => {
    const { bill } = format.bill.parse(value);
    reading.bill = bill;
    if (canonicalJson({ part: 'bill', bill }) !== text) throw new Error('a bill has no other members');
  },
  edition: ({ books }, value) => books.add(format.edition.parse(value)),
  event: (reading, value) => {
    const line = format.event.parse(value);
    within('records of one event', line.records ?? 0, EVENT_RECORDS_MAX);
    reading.open = { line, records: [], size: 0 };
    if (line.records !== undefined && line.records > 0) return;
    addEvent(reading, line, line.records === undefined ? null : []);
    reading.open = null;
  },
  link: ({ books, events }, value) => {
    const line = format.link.parse(value);
    if (line.stream === books.chain.stream) events?.laterEdition(line);
    const chain = [events?.chain, books.chain].find((one) => one?.stream === line.stream);
    if (!chain) throw new Error(`${line.stream} is not a stream of this bundle`);
    chain.add('link', line, line.payload);
  },
  keys: (reading, value) => {
    reading.keys = format.keys.parse(value).keys;
  },
  checkpoint: (reading, value) => {
    reading.checkpoint = format.checkpoint.parse(value);
  },
  manifest: (reading, _, text) => {
    reading.envelope = text;
  },
};
