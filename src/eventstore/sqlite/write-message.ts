/**
 * A group of appends as a message to the thread that writes: one text, one run of bytes, and how to cut them. Sending
 * hundreds of small strings and arrays costs several times as much.
 */
import type { Append, NewRow } from './group-commit.ts';

export interface PackedGroup {
  /** Streams, headers and data, concatenated. */
  readonly text: string;
  /** Hashes and records, concatenated. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /**
   * Of each append: length of its stream's name, expected version, count of events; of each event: length of header,
   * data, hash and records (-1: none). Texts are counted in UTF-16 units.
   */
  readonly numbers: readonly number[];
}

/** Packs a group. */
export const packedGroup = (group: readonly Append[]): PackedGroup => {
  const numbers: number[] = [];
  const parts: Uint8Array[] = [];
  let text = '';
  let size = 0;
  for (const { stream, expected, events } of group) {
    numbers.push(stream.length, expected, events.length);
    text += stream;
    for (const { header, data, hash, records } of events) {
      numbers.push(header.length, data.length, hash.length, records?.length ?? -1);
      text += header;
      text += data;
      parts.push(hash);
      size += hash.length;
      if (!records) continue;
      parts.push(records);
      size += records.length;
    }
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { text, bytes, numbers };
};

/** The group that was packed. */
export const unpackedGroup = ({ text, bytes, numbers }: PackedGroup): Append[] => {
  let [number, unit, byte] = [0, 0, 0];
  const next = (): number => numbers[number++] ?? 0;
  const cut = (length: number): string => {
    unit += length;
    return text.slice(unit - length, unit);
  };
  const part = (length: number): Uint8Array => {
    byte += length;
    return bytes.subarray(byte - length, byte);
  };
  const group: Append[] = [];
  while (number < numbers.length) {
    const stream = cut(next());
    const expected = next();
    const events: NewRow[] = [];
    for (let left = next(); left > 0; left--) {
      const [header, data] = [cut(next()), cut(next())];
      const hash = part(next());
      const size = next();
      const records = size < 0 ? null : part(size);
      events.push({ revision: expected + events.length, header, data, hash, records });
    }
    group.push({ stream, expected, events });
  }
  return group;
};
