/**
 * A sealed event as stored in the engine: the seal's id, the event's type, and one run of bytes: the hash in hex, the
 * header's text, the data's text and the packed records, separated by zero bytes, which do not occur in JSON. It is
 * stored in the data as bytes, because the client would parse data declared as JSON, and metadata that looks like it.
 */
import { Buffer } from 'node:buffer';
import { binaryEvent, type EventData } from '@eventstore/db-client';
import type { SealedEvent } from '../../integrity/sealed-event.ts';
import { LedgerDamaged, type RecordedEvent } from '../event-store.ts';

const TYPE = /^\{"type":"([A-Za-z]{1,64})"/;
const HASH_LENGTH = 64;
const ZERO = Buffer.alloc(1);

/** The stored form of an event. Throws a RangeError for texts that could not be split again. */
export const enveloped = ({ id, stream, revision, header, data, records, hash }: SealedEvent): EventData => {
  if (header.includes('\0') || data.includes('\0'))
    throw new RangeError(`event ${revision} of ${stream} has a zero byte in its text`);
  const texts = Buffer.from(`${viewed(hash).toString('hex')}\0${header}\0${data}`);
  return binaryEvent({
    id,
    // Only for people who look into the engine; readers use the header.
    type: TYPE.exec(header)?.[1] ?? 'event',
    data: records ? Buffer.concat([texts, ZERO, records]) : texts,
  });
};

/** An event as returned by the client, which tries to recognise JSON. */
export interface Received {
  readonly streamId: string;
  readonly revision: bigint;
  readonly data: unknown;
  readonly position?: { readonly commit: bigint } | undefined;
}

/** The ledger's name of a stream in the engine; null if it is not the ledger's. */
export const ledgersName = (streamId: string, prefix: string): string | null =>
  streamId.startsWith(prefix) ? streamId.slice(prefix.length) : null;

/** Decodes an event from its envelope. Throws LedgerDamaged if it has none: another program writes to the stream. */
export const opened = (
  stream: string,
  { revision, data, position }: Received,
  withRecords: boolean,
): RecordedEvent => {
  const bytes = data instanceof Uint8Array ? viewed(data) : ZERO;
  const headerEnd = bytes.indexOf(0, HASH_LENGTH + 1);
  const hex = bytes.toString('latin1', 0, HASH_LENGTH);
  const hash = Buffer.from(hex, 'hex');
  if (!position || headerEnd < 0 || bytes[HASH_LENGTH] !== 0 || hash.toString('hex') !== hex)
    throw new LedgerDamaged(`event ${revision} of ${stream} was not written by a ledger`);
  const dataEnd = bytes.indexOf(0, headerEnd + 1);
  const hasRecords = dataEnd >= 0;
  return {
    stream,
    revision: Number(revision),
    header: bytes.toString('utf8', HASH_LENGTH + 1, headerEnd),
    data: bytes.toString('utf8', headerEnd + 1, hasRecords ? dataEnd : bytes.length),
    // A copy, so that the whole message can be freed.
    records: hasRecords && withRecords ? new Uint8Array(bytes.subarray(dataEnd + 1)) : null,
    hash,
    position: position.commit.toString(),
    place: null,
  };
};

const viewed = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
