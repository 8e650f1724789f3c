/** LRU cache of stream heads. */
import type { StreamHead } from '../event-store.ts';
import { bytesOf, type Statements } from './rows.ts';

export interface KnownHead {
  /** The stream's row. */
  readonly id: number;
  /** Events in the stream. */
  readonly length: number;
}

export interface Heads {
  /** A stream's head, from the cache or the database; null if there is no such stream. */
  of(stream: string): KnownHead | null;
  /** Updates heads after a durable commit. */
  keep(changed: ReadonlyMap<string, KnownHead>): void;
  forgetAll(): void;
}

const KEPT = 200_000;

export const openHeads = (sql: Statements, kept = KEPT): Heads => {
  const heads = new Map<string, KnownHead>();
  const set = (stream: string, head: KnownHead): void => {
    heads.delete(stream);
    heads.set(stream, head);
    if (heads.size > kept) heads.delete(heads.keys().next().value ?? stream);
  };
  return {
    of: (stream) => {
      const known = heads.get(stream);
      if (known) {
        set(stream, known);
        return known;
      }
      const id = streamId(sql, stream);
      if (id === null) return null;
      const head = { id, length: headOf(sql, id).length };
      set(stream, head);
      return head;
    },
    keep: (changed) => {
      for (const [stream, head] of changed) set(stream, head);
    },
    forgetAll: () => heads.clear(),
  };
};

const streamId = (sql: Statements, stream: string): number | null => {
  const id = sql.streamId.get(stream)?.['id'];
  return typeof id === 'number' ? id : null;
};

const headOf = (sql: Statements, id: number): StreamHead => {
  const last = sql.last.get(id);
  return last
    ? { length: Number(last['revision']) + 1, hash: bytesOf(last, 'hash') }
    : { length: 0, hash: null };
};

/** A stream's head as the database has it. */
export const storedHead = (sql: Statements, stream: string): StreamHead => {
  const id = streamId(sql, stream);
  return id === null ? { length: 0, hash: null } : headOf(sql, id);
};
