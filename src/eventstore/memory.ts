/** The port in memory: the reference that other engines are measured by. */
import { checkAppend, type EventStore, type RecordedEvent, VersionConflict } from './event-store.ts';

const sameHash = (a: Uint8Array | undefined, b: Uint8Array): boolean =>
  a?.every((byte, i) => byte === b[i]) ?? false;

export const openMemoryStore = (): EventStore => {
  const all: RecordedEvent[] = [];
  const byStream = new Map<string, RecordedEvent[]>();
  const listeners = new Set<() => void>();
  return {
    append: async (stream, expected, events) => {
      checkAppend(stream, expected, events);
      const there = byStream.get(stream) ?? [];
      if (there.length !== expected) {
        const again = there.slice(expected, expected + events.length);
        const last = again.at(-1);
        if (
          last &&
          again.length === events.length &&
          events.every((e, i) => sameHash(again[i]?.hash, e.hash))
        ) {
          return last.position;
        }
        throw new VersionConflict(stream, expected, there.length);
      }
      for (const event of events) {
        const recorded = { ...event, position: String(all.length + 1), place: null };
        all.push(recorded);
        there.push(recorded);
      }
      byStream.set(stream, there);
      for (const listener of listeners) queueMicrotask(listener);
      return String(all.length);
    },
    head: async (stream) => {
      const events = byStream.get(stream) ?? [];
      return { length: events.length, hash: events.at(-1)?.hash ?? null };
    },
    read: async (stream, { from, limit, direction }) => {
      const events = byStream.get(stream) ?? [];
      if (direction === 'forwards') return events.slice(from, from + limit);
      return events.slice(Math.max(0, from + 1 - limit), from + 1).reverse();
    },
    readAll: async ({ after, limit }) => {
      const from = after === null ? 0 : Number(after);
      return all.slice(from, from + limit);
    },
    streams: async ({ after, prefix, limit }) =>
      [...byStream.keys()]
        .filter((name) => name.startsWith(prefix) && (after === null || name > after))
        .sort()
        .slice(0, limit),
    heads: async ({ after, limit }) =>
      [...byStream.keys()]
        .filter((name) => after === null || name > after)
        .sort()
        .slice(0, limit)
        .flatMap((stream) => {
          const events = byStream.get(stream) ?? [];
          const hash = events.at(-1)?.hash;
          return hash ? [{ stream, length: events.length, hash }] : [];
        }),
    end: async () => all.at(-1)?.position ?? null,
    onAppended: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => undefined,
  };
};
