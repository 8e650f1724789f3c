/**
 * What the server keeps: one log of records at growing byte offsets, as in its chunk files, and over it the streams.
 * It outlives the listening server, so that stopping and starting that is a restart.
 */
import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';

export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly json: boolean;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface LogRecord extends ProposedEvent {
  readonly stream: string;
  readonly revision: number;
  /** The offset of its first byte: commit and prepare position at once, as for every write of this server. */
  readonly position: bigint;
  /** The offset behind its last byte. */
  readonly end: bigint;
  readonly created: Date;
}

export interface TransactionLog {
  /** All events, in the order of $all. */
  readonly records: readonly LogRecord[];
  readonly stream: (name: string) => readonly LogRecord[];
  readonly write: (stream: string, events: readonly ProposedEvent[]) => readonly LogRecord[];
  /** Puts other records in place of all, as whoever writes into the chunk files can. */
  readonly rewrite: (change: (records: readonly LogRecord[]) => readonly LogRecord[]) => void;
  /** The log as it is now, to be put back. */
  readonly saved: () => SavedLog;
  /** The log as it was: what was written since is gone, and its offsets are given again. */
  readonly restore: (saved: SavedLog) => void;
  /** A record that no reader sees; it leaves a gap between two positions. An append of no events writes one. */
  readonly writeEmpty: (stream: string) => bigint;
  /** The place among the records of the first one that begins at or behind an offset. */
  readonly indexFrom: (position: bigint) => number;
  /** The offset where the next record will begin. */
  readonly end: () => bigint;
  /** Settles with the next write. */
  readonly grown: () => Promise<void>;
}

/** A copy of the server's data folder. */
export interface SavedLog {
  readonly records: readonly LogRecord[];
  readonly end: bigint;
}

const NO_BYTES = new Uint8Array();
const NO_EVENT: ProposedEvent = { id: '', type: '', json: false, data: NO_BYTES, metadata: NO_BYTES };

/** Lengths, flags, positions, ids and the time of a record, without its names and contents. */
const FIXED_BYTES = 90;

const sizeOnDisk = (stream: string, { type, data, metadata }: ProposedEvent): bigint =>
  BigInt(FIXED_BYTES + Buffer.byteLength(stream) + Buffer.byteLength(type) + data.length + metadata.length);

/** A JSON event under a new id, for what a test or the server itself writes. */
export const jsonEvent = (type: string, data: unknown): ProposedEvent => ({
  id: randomUUID(),
  type,
  json: true,
  data: Buffer.from(JSON.stringify(data)),
  metadata: NO_BYTES,
});

export const openTransactionLog = (): TransactionLog => {
  const records: LogRecord[] = [];
  const streams = new Map<string, LogRecord[]>();
  let end = 0n;
  let growth = Promise.withResolvers<void>();

  const append = (stream: string, event: ProposedEvent): LogRecord => {
    const earlier = streams.get(stream) ?? [];
    const position = end;
    end += sizeOnDisk(stream, event);
    const record = { ...event, stream, revision: earlier.length, position, end, created: new Date() };
    streams.set(stream, earlier);
    earlier.push(record);
    records.push(record);
    return record;
  };

  const replace = (all: readonly LogRecord[]): void => {
    records.splice(0, records.length, ...all);
    streams.clear();
    for (const record of records) streams.set(record.stream, [...(streams.get(record.stream) ?? []), record]);
  };

  return {
    records,
    stream: (name) => streams.get(name) ?? [],
    write: (stream, events) => {
      const written = events.map((event) => append(stream, event));
      const grown = growth;
      growth = Promise.withResolvers();
      grown.resolve();
      return written;
    },
    rewrite: (change) => replace(change([...records])),
    saved: () => ({ records: [...records], end }),
    restore: (saved) => {
      replace(saved.records);
      end = saved.end;
    },
    writeEmpty: (stream) => {
      const position = end;
      end += sizeOnDisk(stream, NO_EVENT);
      return position;
    },
    indexFrom: (position) => {
      let low = 0;
      let high = records.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((records[middle]?.position ?? 0n) < position) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    end: () => end,
    grown: () => growth.promise,
  };
};
