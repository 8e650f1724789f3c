/**
 * Stores a refused report losslessly: as a JSON value if possible, else as text, else as bytes. An absurdly long one is
 * truncated, with its length and digest.
 */
import { Buffer } from 'node:buffer';
import { canonicalJson } from '../../domain/canonical.ts';
import { brokenTextIn, isDeep } from '../../input/json-safety.ts';
import type { Came } from '../../input/usage-report.ts';
import { hexOf } from '../../integrity/seal-events.ts';
import { sha256, sha256Bytes } from '../../integrity/sha256.ts';
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
  // Once: it may be read again for this.
  const { json } = came;
  // A value that was not read from text may be nested without end.
  if (isDeep(json)) return keptText(JSON.stringify({ nested: 'too deep to be kept' }));
  // Equal values are logged once, whatever their notation; an unpaired surrogate has no canonical text.
  const content = brokenTextIn(json) === null ? canonicalJson(json ?? null) : JSON.stringify(json);
  return content.length <= REPORT_SIZE
    ? { content, record: JSON.parse(content) }
    : { content, record: beginningOf(content) };
};

const keptText = (text: string): KeptForm => {
  if (text.length <= REPORT_SIZE) return { content: text, record: null, text };
  const record = beginningOf(text);
  return { content: JSON.stringify(record), record };
};

const keptBytes = (bytes: Uint8Array, length: number): KeptForm => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const content = `${length} ${buffer.toString('base64')}`;
  if (length <= REPORT_SIZE) return { content, record: null, base64: buffer.toString('base64') };
  const base64 = buffer.subarray(0, BEGINNING).toString('base64');
  return { content, record: { bytes: length, sha256: hexOf(sha256Bytes(buffer)) }, base64 };
};

const beginningOf = (text: string) => ({
  characters: text.length,
  sha256: sha256(text),
  beginning: text.slice(0, BEGINNING).toWellFormed(),
});
