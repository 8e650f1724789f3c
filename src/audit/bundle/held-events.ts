/**
 * The events of a bundle, held while it is read, so that the code that explains a ledger's bills explains the file's:
 * they are read like a stream that begins with the file's first event. A file with more than is held explains nothing.
 */
import { hexBytes } from '../../checkpoint/bytes.ts';
import { decodeEvent, decodeRecords, type Recorded } from '../../codec/event-codec.ts';
import type { ReadOptions, RecordedEvent, StreamReads } from '../../eventstore/event-store.ts';
import type { EventLine, OnEvent } from './parts-read.ts';

/** Characters of events and records that are held. */
const HELD_MAX = 128 * 1024 * 1024;

export interface HeldEvents {
  readonly add: OnEvent;
  /** The events as a stream of this name; null: there are none, or too many. */
  readonly store: (stream: string) => StreamReads | null;
  /** The records of the CallsMetered at a revision; empty if another event is there. */
  readonly recordsAt: (revision: number) => readonly Recorded[];
}

export const holdEvents = (most = HELD_MAX): HeldEvents => {
  const held: { readonly line: EventLine; readonly lines: readonly string[] | null }[] = [];
  let size = 0;
  const first = (): number => held[0]?.line.revision ?? 0;
  // Only what is read of an event; a file has no positions.
  const stored = (stream: string, { revision, header, data, hash }: EventLine): RecordedEvent => ({
    ...{ stream, revision, header, data, position: String(revision) },
    ...{ hash: bytesOf(hash), records: null, place: null },
  });
  const read = async (stream: string, { from, limit, direction }: ReadOptions): Promise<RecordedEvent[]> => {
    const at = from - first();
    const lines =
      direction === 'forwards'
        ? held.slice(Math.max(0, at), Math.max(0, at + limit))
        : held.slice(Math.max(0, at + 1 - limit), Math.max(0, at + 1)).reverse();
    return lines.map(({ line }) => stored(stream, line));
  };
  const head: StreamReads['head'] = async () => {
    const last = held.at(-1)?.line;
    return { length: last ? last.revision + 1 : 0, hash: last ? bytesOf(last.hash) : null };
  };
  return {
    add: (line, lines) => {
      size += line.header.length + line.data.length;
      for (const one of lines ?? []) size += one.length;
      if (size <= most) held.push({ line, lines });
      else held.length = 0;
    },
    store: (own) =>
      size <= most && held.length > 0
        ? {
            read: (stream, options) => (stream === own ? read(stream, options) : Promise.resolve([])),
            head,
            first: first(),
          }
        : null,
    recordsAt: (revision) => {
      const found = held[revision - first()];
      if (!found) return [];
      const event = stored('', found.line);
      const { type, data } = decodeEvent(event);
      return type === 'CallsMetered' ? decodeRecords(event, data, found.lines ?? []) : [];
    },
  };
};

const bytesOf = (hex: string): Uint8Array => hexBytes(hex) ?? new Uint8Array();
