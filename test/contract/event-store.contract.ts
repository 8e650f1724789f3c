/** What every engine promises, in one suite; each engine's own file runs it. */
import { describe, expect, test } from 'vitest';
import {
  AppendTooLarge,
  comparePositions,
  type EventStore,
  type RecordedEvent,
  VersionConflict,
} from '../../src/eventstore/event-store.ts';
import {
  eventAt,
  eventsAfter,
  eventsBackwards,
  eventsOf,
  lastEvent,
  streamHeads,
  streamPages,
} from '../../src/eventstore/reading.ts';
import { recordLines } from '../../src/integrity/record-block.ts';
import { seal } from '../../src/integrity/seal-events.ts';
import type { EventDraft } from '../../src/integrity/sealed-event.ts';

const draft = (n: number | string): EventDraft => ({
  header: `{"type":"Test","n":"${n}"}`,
  data: `{"n":"${n}"}`,
});

const collected = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
};

export const appendTo = async (store: EventStore, stream: string, ...drafts: EventDraft[]) => {
  const { length, hash } = await store.head(stream);
  return store.append(stream, length, seal(stream, length, hash, drafts));
};

const OTHER: EventDraft = { header: '{"type":"Other"}', data: '{}' };
const all = { from: 0, limit: 100, direction: 'forwards', records: true } as const;

export const eventStoreContract = (name: string, open: () => Promise<EventStore>): void => {
  describe(`the event store: ${name}`, () => {
    test('gives back the bytes as they were written, with their records', async () => {
      const store = await open();
      const lines = Array.from({ length: 300 }, (_, i) => `[0,"编号-${i}",0,${i},1]`);
      await appendTo(store, 'a', draft(1), { ...draft(2), lines });
      const events = await store.read('a', all);
      expect(events.map(({ header, data, revision }) => [header, data, revision])).toEqual([
        [draft(1).header, draft(1).data, 0],
        [draft(2).header, draft(2).data, 1],
      ]);
      expect(events[0]?.records).toBeNull();
      expect(recordLines(events[1]?.records ?? new Uint8Array())).toEqual(lines);
      await store.close();
    });

    test('is walked whole, by pages of any size, from either end', async () => {
      const store = await open();
      for (const stream of ['x-a', 'x-b', 'y'])
        for (let n = 0; n < 5; n++) await appendTo(store, stream, n === 2 ? OTHER : draft(n));
      for (const page of [1, 2, 4, 5, 6]) {
        const revisions = async (events: AsyncIterable<RecordedEvent>) =>
          (await collected(events)).map(({ revision }) => revision);
        expect(await revisions(eventsOf(store, 'x-a', { page }))).toEqual([0, 1, 2, 3, 4]);
        expect(await revisions(eventsOf(store, 'x-a', { page, from: 1, to: 3 }))).toEqual([1, 2, 3]);
        expect(await revisions(eventsOf(store, 'x-a', { page, to: 9, types: ['Test'] }))).toEqual([
          0, 1, 3, 4,
        ]);
        expect(await revisions(eventsBackwards(store, 'x-a', { page, from: 3 }))).toEqual([3, 2, 1, 0]);
        expect(await revisions(eventsOf(store, 'nowhere', { page }))).toEqual([]);
        expect((await lastEvent(store, 'x-a', { page, types: ['Other'] }))?.revision).toBe(2);
        for (const ahead of [true, false]) {
          const log = await collected(eventsAfter(store, { page, ahead }));
          expect(log.map(({ stream, revision }) => `${stream} ${revision}`)).toEqual(
            ['x-a', 'x-b', 'y'].flatMap((stream) => [0, 1, 2, 3, 4].map((n) => `${stream} ${n}`)),
          );
        }
        expect((await collected(streamPages(store, 'x-', { page }))).flat()).toEqual(['x-a', 'x-b']);
        expect((await collected(streamHeads(store, { page }))).map((head) => head.length)).toEqual([5, 5, 5]);
      }
      expect((await lastEvent(store, 'y'))?.revision).toBe(4);
      expect(await lastEvent(store, 'nowhere')).toBeNull();
      expect((await eventAt(store, 'y', 3))?.header).toBe(draft(3).header);
      expect(await eventAt(store, 'y', 5)).toBeNull();
      expect(await eventAt(store, 'y', -1)).toBeNull();
      await store.close();
    });

    test('refuses a stale length and says the actual one; nothing is appended', async () => {
      const store = await open();
      await appendTo(store, 'a', draft(1));
      const stale = store.append('a', 0, seal('a', 0, null, [draft('other')]));
      await expect(stale).rejects.toMatchObject({ stream: 'a', expected: 0, actual: 1 });
      await expect(store.append('a', 2, seal('a', 2, null, [draft(3)]))).rejects.toBeInstanceOf(
        VersionConflict,
      );
      expect((await store.read('a', all)).length).toBe(1);
      await store.close();
    });

    test('answers the very same append again as the success it was', async () => {
      const store = await open();
      const events = seal('a', 0, null, [draft(1), draft(2)]);
      const first = await store.append('a', 0, events);
      expect(await store.append('a', 0, events)).toBe(first);
      expect((await store.read('a', all)).length).toBe(2);
      await store.close();
    });

    test('lets exactly one of twenty writers at once through', async () => {
      const store = await open();
      const tries = Array.from({ length: 20 }, (_, i) =>
        store.append('a', 0, seal('a', 0, null, [draft(i)])),
      );
      const results = await Promise.allSettled(tries);
      expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1);
      for (const result of results)
        if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(VersionConflict);
      expect((await store.head('a')).length).toBe(1);
      await store.close();
    });

    test('does not let one conflict spoil what is appended beside it', async () => {
      const store = await open();
      await appendTo(store, 'a', draft(1));
      const [stale, other] = await Promise.allSettled([
        store.append('a', 0, seal('a', 0, null, [draft('x')])),
        store.append('b', 0, seal('b', 0, null, [draft(1), draft(2)])),
      ]);
      expect([stale.status, other.status]).toEqual(['rejected', 'fulfilled']);
      expect((await store.head('b')).length).toBe(2);
      await store.close();
    });

    test('reads pages in both directions and nothing of a stream that is not there', async () => {
      const store = await open();
      for (let i = 0; i < 5; i++) await appendTo(store, 'a', draft(i));
      const revisions = async (from: number, limit: number, direction: 'forwards' | 'backwards') =>
        (await store.read('a', { from, limit, direction, records: false })).map(({ revision }) => revision);
      expect(await revisions(1, 2, 'forwards')).toEqual([1, 2]);
      expect(await revisions(4, 3, 'backwards')).toEqual([4, 3, 2]);
      expect(await revisions(1, 9, 'backwards')).toEqual([1, 0]);
      expect(await revisions(5, 9, 'forwards')).toEqual([]);
      expect(await store.read('none', all)).toEqual([]);
      expect(await store.head('none')).toEqual({ length: 0, hash: null });
      await store.close();
    });

    test('orders all events by position, from any of them on', async () => {
      const store = await open();
      for (let i = 0; i < 4; i++) await appendTo(store, i % 2 === 0 ? 'a' : 'b', draft(i));
      const events = await store.readAll({ after: null, limit: 10, records: true });
      expect(events.map(({ stream }) => stream)).toEqual(['a', 'b', 'a', 'b']);
      for (const [i, event] of events.entries()) {
        if (i > 0) expect(comparePositions(events[i - 1]?.position ?? null, event.position)).toBe(-1);
      }
      const rest = await store.readAll({ after: events[1]?.position ?? null, limit: 10, records: true });
      expect(rest.map(({ position }) => position)).toEqual(events.slice(2).map(({ position }) => position));
      expect(await store.end()).toBe(events.at(-1)?.position);
      expect(await store.streams({ after: 'a', prefix: '', limit: 9 })).toEqual(['b']);
      await store.close();
    });

    test('refuses an append above one mebibyte', async () => {
      const store = await open();
      const data = JSON.stringify('x'.repeat(1024 * 1024));
      const large = seal('a', 0, null, [{ header: '{}', data }]);
      await expect(store.append('a', 0, large)).rejects.toBeInstanceOf(AppendTooLarge);
      expect(await store.end()).toBeNull();
      await store.close();
    });

    test('counts bytes, not characters, and takes nothing that does not belong at the end of its stream', async () => {
      const store = await open();
      const wide = seal('a', 0, null, [{ header: '{}', data: JSON.stringify('算'.repeat(400_000)) }]);
      await expect(store.append('a', 0, wide)).rejects.toBeInstanceOf(AppendTooLarge);
      await expect(store.append('a', 0, [])).rejects.toThrow('no events');
      await expect(store.append('a', 0, seal('a', 1, null, [draft(1)]))).rejects.toThrow('event 1 of a');
      await expect(store.append('a', 0, seal('b', 0, null, [draft(1)]))).rejects.toThrow('event 0 of b');
      expect(await store.end()).toBeNull();
      expect(await store.streams({ after: null, prefix: '', limit: 9 })).toEqual([]);
      await store.close();
    });

    test('answers a repeat only where every event is the same, also after others were appended', async () => {
      const store = await open();
      const events = seal('a', 0, null, [draft(1), draft(2)]);
      const position = await store.append('a', 0, events);
      await appendTo(store, 'a', draft(3));
      expect(await store.append('a', 0, events)).toBe(position);
      expect(await store.append('a', 0, events.slice(0, 1))).not.toBe(position);
      for (const other of [
        seal('a', 0, null, [draft(1), draft('other')]),
        seal('a', 0, null, [draft(1), draft(2), draft(3), draft(4)]),
      ])
        await expect(store.append('a', 0, other)).rejects.toBeInstanceOf(VersionConflict);
      expect((await store.head('a')).length).toBe(3);
      await store.close();
    });

    test('nudges whoever follows after an append', async () => {
      const store = await open();
      let nudges = 0;
      const stop = store.onAppended(() => {
        nudges += 1;
      });
      await appendTo(store, 'a', draft(1));
      await new Promise((resolve) => setImmediate(resolve));
      expect(nudges).toBeGreaterThan(0);
      stop();
      await store.close();
    });
  });
};
