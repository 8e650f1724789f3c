/** Packs the refused reports of one event if that is shorter; marks that can be derived are omitted. */
import { Buffer } from 'node:buffer';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import * as z from 'zod';
import { sha256 } from '../../integrity/sha256.ts';
import type { SystemEventData } from '../system/events.ts';
import { keptForm } from './content.ts';
import { packedReport, type RefusedRecord } from './events.ts';

/** Shorter ones stay readable. */
const PACKED_FROM = 1024;
/** Far above the content of one event. */
const UNPACKED_MAX = 16 * 1024 * 1024;
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

/** The deduplication key of a refusal: its code and report. */
export const markOf = (code: string, content: string): string => sha256(`${code}\n${content}`);

/** Refused reports of one key as the data of an event. */
export const packedReports = (
  key: string | null,
  records: readonly RefusedRecord[],
): SystemEventData['UsageRefused'] => {
  const by = key === null ? {} : { key };
  // Marks are hashes, which do not compress, so derivable ones are omitted.
  const text = JSON.stringify(
    records.map((record) => (markFrom(record) === record.mark ? { ...record, mark: undefined } : record)),
  );
  if (text.length < PACKED_FROM) return { ...by, records: [...records] };
  return { ...by, records: [], packed: zstdCompressSync(Buffer.from(text), FAST).toString('base64') };
};

const packed = z.array(packedReport);

/** The value of packed reports, unchecked. Throws what the decompression and JSON.parse throw. */
export const unpackedReports = (text: string): unknown => {
  const bytes = zstdDecompressSync(Buffer.from(text, 'base64'), { maxOutputLength: UNPACKED_MAX });
  return JSON.parse(bytes.toString('utf8'));
};

/** The reports of an event, each with its mark. */
export const reportsOf = ({
  records,
  packed: text,
}: SystemEventData['UsageRefused']): readonly RefusedRecord[] => {
  if (text === undefined) return records;
  return packed
    .parse(unpackedReports(text))
    .map((record) => ({ ...record, mark: record.mark ?? markFrom({ ...record, mark: '' }) }));
};

/** The mark derived from a stored report; impossible if only its beginning is stored. */
const markFrom = ({ code, record, text, base64 }: RefusedRecord): string => {
  if (base64 !== undefined) {
    const bytes = Buffer.from(base64, 'base64');
    return markOf(code, keptForm({ bytes, length: bytes.length }).content);
  }
  return markOf(code, keptForm(text === undefined ? { json: record } : { text }).content);
};
