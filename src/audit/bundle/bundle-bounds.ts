/**
 * How large a bundle may be (docs/audit-bundle.md, "Bounds"): what a verifier keeps of a file does not grow beyond
 * this, and its time is linear in the file, whatever the file is. A ledger appends at most 1 MiB at once and an event
 * has at most some thousand records, so that no bundle of a ledger comes near.
 */
import { type ShapeMax, shapeProblem } from '../../text/json-shape.ts';

const KI = 1024;
const MI = KI * KI;

/** Characters of a line. */
export const LINE_MAX = 4 * MI;
/** Of the line of a record. */
export const RECORD_LINE_MAX = MI;
/** Records of one event, and characters of them. */
export const EVENT_RECORDS_MAX = 100_000;
export const EVENT_RECORDS_SIZE = 16 * MI;
/** Records of a bundle: each is remembered, at some 20 to 40 bytes. */
export const RECORDS_MAX = 10_000_000;
/** Price books, and characters of them. */
export const EDITIONS_MAX = 10_000;
export const EDITIONS_SIZE = 64 * MI;
/** Characters of what events say, but for counts of calls that come out as they are recorded. */
export const FACTS_SIZE = 64 * MI;
/**
 * Packs, suspensions, disputes and contracts that an account holds, summed over the events that are decided with them.
 */
export const WORK_MAX = 1_000_000_000;
export const KEYS_MAX = 1_000;
export const KEY_SIZE = KI;
export const NOTE_SIZE = 64 * KI;
/** A tree of 2^64 leaves has paths of so many hashes. */
export const PATH_MAX = 64;

/** Of the JSON of a line, and of the texts in it. */
const SHAPE_MAX: ShapeMax = { depth: 64, values: 250_000 };

/** The file has more of something than a bundle may. */
export class BundleTooLarge extends Error {}

/** Throws BundleTooLarge where a count is above its bound. */
export const within = (what: string, count: number, most: number): void => {
  if (count > most) throw new BundleTooLarge(`more than ${most.toLocaleString('en-US')} ${what}`);
};

/** Throws BundleTooLarge for texts of JSON that are too deep, or hold too many values. */
export const checkShape = (...texts: readonly string[]): void => {
  for (const text of texts) {
    const problem = shapeProblem(text, SHAPE_MAX);
    if (problem !== null) throw new BundleTooLarge(problem);
  }
};
