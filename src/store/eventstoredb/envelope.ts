/**
 * A sealed event as the engine holds it: the seal's id, the fact's type, and exact bytes. Data is the fact's JSON text
 * and, behind a zero byte (which JSON has none of), the packed records; metadata is the hash in hex, a line end, and the
 * header's text: never one JSON value, which the client would parse.
 */
import { Buffer } from 'node:buffer';
import { binaryEvent, type EventData } from '@eventstore/db-client';
import { LedgerDamaged, type RecordedEvent, type SealedEvent } from '../event-store.ts';

const TYPE = /^\{"type":"([A-Za-z]{1,64})"/;
const HASH_LENGTH = 64;
const LINE_END = 0x0a;

/** What is sent of an event. */
export const enveloped = ({ id, header, data, records, hash }: SealedEvent): EventData =>
  binaryEvent({
    id,
    // Only for those who look into the engine; what is read is the header.
    type: TYPE.exec(header)?.[1] ?? 'event',
    data: records ? Buffer.concat([Buffer.from(data), ZERO, records]) : Buffer.from(data),
    metadata: new Uint8Array(Buffer.from(`${hexText(hash)}\n${header}`)),
  });

const ZERO = Buffer.alloc(1);
const hexText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

/** What the client gives back of an event; it tells JSON by looking at it. */
export interface Received {
  readonly streamId: string;
  readonly revision: bigint;
  readonly data: unknown;
  readonly metadata?: unknown;
  readonly position?: { readonly commit: bigint } | undefined;
}

/** The engine's own streams begin with this; a ledger's never do. */
const ENGINES = '$';

/** The ledger's name of a stream in the engine; null where it is none of the ledger's. */
export const ledgersName = (streamId: string, prefix: string): string | null =>
  streamId.startsWith(prefix) && !streamId.startsWith(ENGINES) ? streamId.slice(prefix.length) : null;

/** An event of a stream out of its envelope. Throws LedgerDamaged for one that is in none: somebody else writes there. */
export const opened = (
  stream: string,
  { revision, data, metadata, position }: Received,
  withRecords: boolean,
): RecordedEvent => {
  if (!(data instanceof Uint8Array && metadata instanceof Uint8Array && position))
    throw new LedgerDamaged(`event ${revision} of ${stream} was not written by a ledger`);
  const [bytes, meta] = [viewed(data), viewed(metadata)];
  const hash = Buffer.from(meta.toString('latin1', 0, HASH_LENGTH), 'hex');
  if (hash.length * 2 !== HASH_LENGTH || meta[HASH_LENGTH] !== LINE_END)
    throw new LedgerDamaged(`event ${revision} of ${stream} was not written by a ledger`);
  const zero = bytes.indexOf(0);
  return {
    stream,
    revision: Number(revision),
    header: meta.toString('utf8', HASH_LENGTH + 1),
    data: bytes.toString('utf8', 0, zero < 0 ? bytes.length : zero),
    // A copy: what is left would keep the whole message in memory.
    records: zero < 0 || !withRecords ? null : new Uint8Array(bytes.subarray(zero + 1)),
    hash,
    position: position.commit.toString(),
    place: null,
  };
};

const viewed = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
