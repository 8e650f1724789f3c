/** Reported usage cut so that each part fits one CallsMetered event. */
import type { UsageRecord } from '../../domain/usage.ts';

export interface Part {
  readonly records: readonly UsageRecord[];
  /** Approximate number of characters of its record line. */
  readonly size: number;
}

/** Limit of one CallsMetered event: characters of record lines, before compression. */
export const FACT_SIZE = 256 * 1024;
/** Around an identity a line has indexes, a time and who paid. */
const LINE_SIZE = 48;

/** A sum by tag, without its texts. */
const TAG_SUM_SIZE = 128;

const sizeOf = (record: UsageRecord): number => {
  const { id, quantities, attributes, tags } = record;
  let size = id.length + LINE_SIZE;
  // Who paid for each quantity stands beside it.
  if (quantities) size += JSON.stringify(quantities).length + Object.keys(quantities).length * LINE_SIZE;
  if (attributes) size += JSON.stringify(attributes).length;
  // A tag stands in the line, and in a sum of the event.
  if (tags)
    size +=
      2 * JSON.stringify(tags).length +
      Object.keys(tags).length * (TAG_SUM_SIZE + (quantities ? JSON.stringify(quantities).length : 0));
  return size;
};

/** Cuts records into parts that each fit one event. */
export const parts = (records: readonly UsageRecord[]): Part[] => {
  const all: Part[] = [];
  let from = 0;
  let size = 0;
  for (const [i, record] of records.entries()) {
    const more = sizeOf(record);
    if (size + more > FACT_SIZE) {
      all.push({ records: records.slice(from, i), size });
      from = i;
      size = 0;
    }
    size += more;
  }
  all.push({ records: from === 0 ? records : records.slice(from), size });
  return all;
};
