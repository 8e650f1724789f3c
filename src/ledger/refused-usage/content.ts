/**
 * Stores a refused report losslessly: as a JSON value if possible, else as text, else as bytes. An absurdly long one is
 * truncated, with its length and digest.
 */
import { Buffer } from 'node:buffer';
import { nextTurn } from '../../async/pauses.ts';
import { canonicalJson } from '../../domain/canonical.ts';
import { brokenTextIn, isDeep } from '../../input/json-safety.ts';
import type { Came } from '../../input/usage-report.ts';
import { hexOf } from '../../integrity/seal-events.ts';
import { digesting, sha256, sha256Bytes } from '../../integrity/sha256.ts';
import type { RefusedRecord } from './events.ts';

/** Limit on stored characters of one report. */
const REPORT_SIZE = 16 * 1024;
/** Of a longer one. */
const BEGINNING = 2 * 1024;

export type KeptForm = Pick<RefusedRecord, 'record' | 'text' | 'base64'> & {
  /** The deduplication key of a report; with its refusal code, it is logged once. */
  readonly content: string;
};

/** The stored form of a report. */
export const keptForm = (came: Came): KeptForm => {
  if ('bytes' in came) return keptBytes(came.bytes, came.length);
  if ('text' in came) return keptText(came.text);
  // A value that was not read from text may be nested without end.
  if (isDeep(came.json)) return keptText(JSON.stringify({ nested: 'too deep to be kept' }));
  // Equal values are logged once, whatever their notation; an unpaired surrogate has no canonical text.
  const content =
    brokenTextIn(came.json) === null ? canonicalJson(came.json ?? null) : JSON.stringify(came.json);
  return content.length <= REPORT_SIZE
    ? { content, record: JSON.parse(content) }
    : { content, record: beginningOf(content) };
};

/** Characters that take milliseconds to hash. */
const LONG = 1024 * 1024;
/** Characters that are hashed at once. */
const STEP = 256 * 1024;

/** The same, in turns between which others have theirs: a report may be as long as a body. */
export const keptInTurns = async (came: Came): Promise<KeptForm> => {
  if (!('text' in came) || came.text.length <= LONG) return keptForm(came);
  const { text } = came;
  const digest = digesting();
  for (let from = 0; from < text.length; ) {
    const end = Math.min(from + STEP, text.length);
    // A surrogate pair must not be split between two hash updates.
    const to = /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? Math.min(end + 1, text.length) : end;
    digest.update(text.slice(from, to));
    from = to;
    await nextTurn();
  }
  return keptBeginning(text, digest.hex());
};

const keptBeginning = (text: string, hash: string): KeptForm => {
  const record = beginningOf(text, hash);
  return { content: JSON.stringify(record), record };
};

const keptText = (text: string): KeptForm => {
  if (text.length <= REPORT_SIZE) return { content: text, record: null, text };
  // Up to ten megabytes, so its hash is used.
  return keptBeginning(text, sha256(text));
};

const keptBytes = (bytes: Uint8Array, length: number): KeptForm => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const content = `${length} ${buffer.toString('base64')}`;
  if (length <= REPORT_SIZE) return { content, record: null, base64: buffer.toString('base64') };
  const base64 = buffer.subarray(0, BEGINNING).toString('base64');
  return { content, record: { bytes: length, sha256: hexOf(sha256Bytes(buffer)) }, base64 };
};

const beginningOf = (text: string, hash = sha256(text)) => ({
  characters: text.length,
  sha256: hash,
  beginning: text.slice(0, BEGINNING).toWellFormed(),
});
