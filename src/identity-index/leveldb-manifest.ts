/**
 * What a LevelDB's `MANIFEST` says is in its folder: the live tables, and the logs to be replayed. (Format:
 * https://github.com/google/leveldb/blob/main/doc/impl.md and its `version_edit.cc`)
 */
import type { Buffer } from 'node:buffer';

export interface Contents {
  /** Numbers and sizes of the tables that hold entries. */
  readonly tables: ReadonlyMap<number, number>;
  /** Logs from this number on are replayed. */
  readonly log: number;
  /** The sequence number of the last write that was known when this was written. */
  readonly sequence: number;
}

const TAG = {
  comparator: 1,
  log: 2,
  next: 3,
  sequence: 4,
  compacted: 5,
  deleted: 6,
  added: 7,
  previousLog: 9,
} as const;

/** What the records of a manifest add up to; null if they cannot be read. */
export const contentsOf = (records: readonly Buffer[]): Contents | null => {
  const tables = new Map<number, number>();
  let [log, sequence] = [0, 0];
  try {
    for (const record of records) {
      const edit = readerOf(record);
      // Deletions first: a table that moves to another level is deleted and added in one edit.
      const added: [number, number][] = [];
      while (!edit.isAtEnd()) {
        const tag = edit.number();
        if (tag === TAG.comparator) edit.text();
        else if (tag === TAG.log) log = edit.number();
        else if (tag === TAG.next || tag === TAG.previousLog) edit.number();
        else if (tag === TAG.sequence) sequence = edit.number();
        else if (tag === TAG.compacted) [edit.number(), edit.text()];
        else if (tag === TAG.deleted) [edit.number(), tables.delete(edit.number())];
        else if (tag === TAG.added) {
          edit.number();
          added.push([edit.number(), edit.number()]);
          [edit.text(), edit.text()];
        } else return null;
      }
      for (const [number, size] of added) tables.set(number, size);
    }
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  return { tables, log, sequence };
};

export interface Reader {
  isAtEnd(): boolean;
  /** A varint, up to 2^53 - 1. */
  number(): number;
  bytes(length: number): Buffer;
  /** Bytes with their length before them. */
  text(): Buffer;
  /** What is not read yet. */
  rest(): Buffer;
}

/** Reads LevelDB's encodings; throws RangeError beyond the end. */
export const readerOf = (bytes: Buffer): Reader => {
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes.readUInt8(at);
      at += 1;
      value += (byte & 127) * scale;
      if (byte < 128) break;
    }
    if (!Number.isSafeInteger(value)) throw new RangeError('a number is too large');
    return value;
  };
  const some = (length: number): Buffer => {
    if (at + length > bytes.length) throw new RangeError('it ends before what it announces');
    at += length;
    return bytes.subarray(at - length, at);
  };
  return {
    isAtEnd: () => at >= bytes.length,
    number,
    bytes: some,
    text: () => some(number()),
    rest: () => bytes.subarray(at),
  };
};
