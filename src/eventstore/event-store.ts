/**
 * The port of every event store. It promises only what a distributed engine can guarantee: an append goes to one stream
 * at an expected version and is at most 1 MiB; positions are opaque and only ordered; reading is paged.
 */
import { Buffer } from 'node:buffer';
import type { SealedEvent, StoredEvent } from '../integrity/sealed-event.ts';

/** Opaque; compare with `comparePositions` only. */
export type Position = string;

export interface RecordedEvent extends StoredEvent {
  readonly position: Position;
  /** The global chain's value (see `global-chain.ts`); null if the store keeps none, or it was not requested. */
  readonly place: Uint8Array | null;
}

export interface StreamHead {
  /** Number of events in the stream; 0 if there is none. */
  readonly length: number;
  readonly hash: Uint8Array | null;
}

export interface NamedHead {
  readonly stream: string;
  readonly length: number;
  readonly hash: Uint8Array;
}

export interface ReadOptions {
  /** The revision to start at, included. */
  readonly from: number;
  readonly limit: number;
  readonly direction: 'forwards' | 'backwards';
  /** False: records may be returned as null, which is cheaper. */
  readonly records: boolean;
}

export interface EventStore {
  /**
   * Appends to a stream at the expected version. Durable when it resolves. Idempotent: an append of identical events
   * (same hashes) that are already at these revisions succeeds. Rejects with VersionConflict, AppendTooLarge, or an
   * Error for events that do not belong there (or none); then nothing was appended. Rejects with StoreUnavailable when
   * the append was not attempted or its outcome is unknown; then it is safe to retry the identical append.
   */
  append(stream: string, expected: number, events: readonly SealedEvent[]): Promise<Position>;
  head(stream: string): Promise<StreamHead>;
  /** A page of a stream; empty at its end, or if there is no such stream. */
  read(stream: string, options: ReadOptions): Promise<RecordedEvent[]>;
  /** A page of all events after a position, in the order of the ledger. */
  readAll(options: {
    readonly after: Position | null;
    readonly limit: number;
    readonly records: boolean;
  }): Promise<RecordedEvent[]>;
  /** Names of streams with a prefix, in order. */
  streams(options: {
    readonly after: string | null;
    readonly prefix: string;
    readonly limit: number;
  }): Promise<string[]>;
  /** Streams in the order of their names, each with its head: a page after a name; empty at the end. */
  heads(options: { readonly after: string | null; readonly limit: number }): Promise<NamedHead[]>;
  /** The position of the last event, or null in an empty ledger. */
  end(): Promise<Position | null>;
  /** For an engine in another process, which may be restored from a backup while this one runs. */
  readonly continuity?: StoreContinuity;
  /** Notifies, eventually and possibly coalesced, that something was appended; carries no data. Returns how to stop. */
  onAppended(listener: () => void): () => void;
  close(): Promise<void>;
}

/** What reads of single streams need. `first`: the revision of the first event where earlier ones are not there. */
export type StreamReads = Pick<EventStore, 'read' | 'head'> & { readonly first?: number };

/** Continuity: whether an engine still has everything that was read of it. */
export interface StoreContinuity {
  /**
   * Resolves when continuity is confirmed: at once on a connection on which it was already confirmed. Rejects with
   * LedgerRestored, and with StoreUnavailable if it cannot be determined now.
   */
  assured(): Promise<void>;
  /** Looks now, and resolves or rejects as `assured`. */
  look(): Promise<void>;
  /** Calls back once when the engine is found restored; at once if that is already known. */
  onRestored(listener: (why: LedgerRestored) => void): void;
}

/** Bytes of one append, as `appendBytes` counts them. */
export const APPEND_BYTES_MAX = 1024 * 1024;
/** What an engine may store beside an event's texts: its hash, id and type. */
const BESIDE_BYTES = 128;

/** Bytes of an append (texts in UTF-8), summed over its events. */
export const appendBytes = (events: readonly StoredEvent[]): number =>
  events.reduce(
    (sum, { header, data, records }) =>
      sum + Buffer.byteLength(header) + Buffer.byteLength(data) + (records?.length ?? 0) + BESIDE_BYTES,
    0,
  );

export class VersionConflict extends Error {
  readonly stream: string;
  readonly expected: number;
  readonly actual: number;
  constructor(stream: string, expected: number, actual: number) {
    super(`${stream} has ${actual} events, not ${expected}`);
    this.stream = stream;
    this.expected = expected;
    this.actual = actual;
  }
}

export class AppendTooLarge extends Error {
  readonly stream: string;
  constructor(stream: string, bytes: number) {
    super(`an append to ${stream} has ${bytes} bytes; at most ${APPEND_BYTES_MAX} are allowed`);
    this.stream = stream;
  }
}

/** The engine cannot write or read now (disk full, read only, closed, away); no append is ever half done. */
export class StoreUnavailable extends Error {}

/**
 * The engine no longer has what was read of it: it was restored from a backup, or truncated. Nothing derived, cached or
 * decided from it may be used.
 */
export class LedgerRestored extends StoreUnavailable {}

/** A position that this ledger never gave. */
export class NoSuchPosition extends RangeError {}

/** The files are corrupt or incomplete; the ledger is not opened. */
export class LedgerDamaged extends Error {}

/**
 * The ledger ends before what is known to have been in it. It is consistent in itself; an operator may accept the loss.
 */
export class LedgerShorter extends LedgerDamaged {}

/** -1, 0 or 1 if a is before, at or after b; null is before everything. */
export const comparePositions = (a: Position | null, b: Position | null): number => {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  return a.length === b.length ? (a < b ? -1 : a > b ? 1 : 0) : Math.sign(a.length - b.length);
};

/**
 * Checks that every store makes before an append: the events continue this stream at its end, in order, and fit. Throws
 * AppendTooLarge, or an Error for a mistake of the caller.
 */
export const checkAppend = (stream: string, expected: number, events: readonly SealedEvent[]): void => {
  if (events.length === 0) throw new Error(`an append to ${stream} has no events`);
  for (const [i, { stream: own, revision }] of events.entries()) {
    // An event in the wrong place would be durable, and damage.
    if (own !== stream || revision !== expected + i)
      throw new Error(`event ${revision} of ${own} cannot be appended as event ${expected + i} of ${stream}`);
  }
  const bytes = appendBytes(events);
  if (bytes > APPEND_BYTES_MAX) throw new AppendTooLarge(stream, bytes);
};
