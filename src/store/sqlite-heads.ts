/** Heads of streams as the embedded engine last knew them: bounded, the longest unused goes first. */
import type { StreamHead } from './event-store.ts';
import { bytesOf, type Statements } from './sqlite-rows.ts';

export interface KnownHead extends StreamHead {
  /** The stream's row. */
  readonly id: number;
}

export interface Heads {
  /** A stream's head, from memory or else from the database; null when there is no such stream. */
  of(stream: string): KnownHead | null;
  /** Takes over heads that are durable. */
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
      const head = heads.get(stream) ?? storedHead(sql, stream);
      if (head) set(stream, head);
      return head;
    },
    keep: (changed) => {
      for (const [stream, head] of changed) set(stream, head);
    },
    forgetAll: () => heads.clear(),
  };
};

/** A stream's head as the database has it. */
export const storedHead = (sql: Statements, stream: string): KnownHead | null => {
  const id = sql.streamId.get(stream)?.['id'];
  if (typeof id !== 'number') return null;
  const last = sql.last.get(id);
  return { id, length: last ? Number(last['revision']) + 1 : 0, hash: last ? bytesOf(last, 'hash') : null };
};
