/**
 * Limits on bundles (docs/audit-bundle.md, "Bounds"), so that a verifier's memory is bounded and its time linear in the
 * file, even for a hostile file. An append is at most 1 MiB and an event has at most some thousand records, so a
 * ledger's bundles are far below these limits.
 */
import { type ShapeMax, shapeProblem } from '../../text/json-shape.ts';

const KI = 1024;
const MI = KI * KI;

/** Characters of a line. */
export const LINE_MAX = 4 * MI;
/** Characters of a record's line. */
export const RECORD_LINE_MAX = MI;
/** Records of one event, and characters of them. */
export const EVENT_RECORDS_MAX = 100_000;
export const EVENT_RECORDS_SIZE = 16 * MI;
/** Records of a bundle; each takes 20 to 40 bytes of memory. */
export const RECORDS_MAX = 10_000_000;
/** Price books, and characters of them. */
export const EDITIONS_MAX = 10_000;
export const EDITIONS_SIZE = 64 * MI;
/** Characters of events' data, except CallsMetered events that replay identically. */
export const EVENTS_SIZE_MAX = 64 * MI;
/**
 * Work of a replay: an account's packs, suspensions, disputes and contracts, summed over all its events.
 */
export const WORK_MAX = 1_000_000_000;
export const KEYS_MAX = 1_000;
export const KEY_SIZE = KI;
export const NOTE_SIZE = 64 * KI;
/** Hashes of a Merkle path: that of a tree of 2^64 leaves. */
export const PATH_MAX = 64;

/** Limits of the JSON of a line, and of the JSON texts in it. */
const SHAPE_MAX: ShapeMax = { depth: 64, values: 250_000 };

/** The file exceeds a limit. */
class BundleTooLarge extends Error {}

/** Throws BundleTooLarge if a count exceeds its limit. */
export const within = (what: string, count: number, most: number): void => {
  if (count > most) throw new BundleTooLarge(`more than ${most.toLocaleString('en-US')} ${what}`);
};

/** Throws BundleTooLarge for JSON texts that are too deep or have too many values. */
export const checkShape = (...texts: readonly string[]): void => {
  for (const text of texts) {
    const problem = shapeProblem(text, SHAPE_MAX);
    if (problem !== null) throw new BundleTooLarge(problem);
  }
};
