/**
 * A ledger copied between engines: the same events in the same order, whatever ends the copy in between; nothing broken
 * and no other ledger is ever taken for it.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  checkAppend,
  type EventStore,
  type RecordedEvent,
  StoreUnavailable,
} from '../../src/eventstore/event-store.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { openSqliteStore } from '../../src/eventstore/sqlite/store.ts';
import { NO_PLACE } from '../../src/integrity/global-chain.ts';
import { hexOf, seal } from '../../src/integrity/seal-events.ts';
import { issuedBill } from '../../src/ledger/queries/bills.ts';
import { type CopyOptions, copyLedger } from '../../src/transfer/copy.ts';
import { openChecker } from '../../src/transfer/copy-check.ts';
import { differingHead } from '../../src/transfer/copy-heads.ts';
import { runsOf } from '../../src/transfer/copy-runs.ts';
import { readUntil } from '../../src/transfer/copy-stopping.ts';
import { ledgerLines } from '../../src/transfer/ledger-file.ts';
import { temporaryFolder } from '../support/folder.ts';
import { sealedLedger } from '../support/sealed.ts';

const copy = (from: EventStore, to: EventStore, options: Partial<CopyOptions> = {}) =>
  copyLedger(from, to, {
    ...{ together: 1, onProgress: () => undefined, signal: new AbortController().signal },
    ...options,
  });

const eventsOf = (store: EventStore): Promise<RecordedEvent[]> =>
  store.readAll({ after: null, limit: 1_000_000, records: true });
const orderOf = async (store: EventStore): Promise<string[]> =>
  (await eventsOf(store)).map(({ stream, revision, hash }) => `${stream} ${revision} ${hexOf(hash)}`);
const linesOf = async (store: EventStore): Promise<string[]> => {
  const lines: string[] = [];
  for await (const line of ledgerLines(store)) lines.push(line);
  return lines;
};
const headsOf = (store: EventStore) => store.heads({ after: null, limit: 10_000 });

/** The first `count` events of a ledger in a store of their own. */
const beginningOf = async (from: EventStore, count: number, to = openMemoryStore()): Promise<EventStore> => {
  const checker = openChecker(to, NO_PLACE);
  for (const event of (await eventsOf(from)).slice(0, count))
    await to.append(event.stream, event.revision, [await checker.check(event)]);
  return to;
};

/** One more event, of a kind that every ledger knows. */
const goOn = async (store: EventStore, stream = 'catalogue'): Promise<void> => {
  const { length, hash } = await store.head(stream);
  // A stream that is new gets what another one holds: what is copied must be an event that can be read.
  const [event] = await store.read('catalogue', { from: 0, limit: 1, direction: 'forwards', records: false });
  const { header, data } = event ?? { header: '{}', data: '{}' };
  await store.append(stream, length, seal(stream, length, hash, [{ header, data }]));
};

let ledger: EventStore;
let order: readonly string[];
beforeAll(async () => {
  ledger = (await sealedLedger()).store;
  order = await orderOf(ledger);
  expect(order.length).toBeGreaterThan(30);
  expect((await eventsOf(ledger)).some(({ records }) => records)).toBe(true);
});

test('there and back: every byte, head, place and bill as it was', async () => {
  const folder = temporaryFolder();
  const [first, last] = [openSqliteStore(join(folder, 'first.db')), openSqliteStore(join(folder, 'last.db'))];
  const between = openMemoryStore();
  await sealedLedger(first);
  const there = await copy(first, between);
  const back = await copy(between, last, { together: 500 });
  const events = await eventsOf(first);
  expect(there).toMatchObject({ events: events.length, copied: events.length, isBehind: false });
  expect(back).toEqual(there);
  expect(there.order).toBe(hexOf(events.at(-1)?.place ?? null));
  expect(await eventsOf(last)).toEqual(events);
  expect(await linesOf(last)).toEqual(await linesOf(first));
  expect(await linesOf(between)).toEqual(await linesOf(first));
  expect(await headsOf(last)).toEqual(await headsOf(first));
  for (const month of ['2019-01', '2019-02'])
    expect(await issuedBill(last, 'acme', month)).toEqual(await issuedBill(first, 'acme', month));
  expect(await issuedBill(last, 'acme', '2019-02')).not.toBeNull();
  await first.close();
  await last.close();
});

describe('what ends a copy', () => {
  /** A store that takes so many appends and then fails. */
  const failingAfter = (store: EventStore, appends: number): EventStore => {
    let left = appends;
    return {
      ...store,
      append: async (...args) => {
        left -= 1;
        if (left < 0) throw new StoreUnavailable('the disk is full');
        return store.append(...args);
      },
    };
  };

  test('leaves a beginning of the ledger, and the next run goes on from there', async () => {
    const to = openMemoryStore();
    let held = 0;
    for (let life = 0; ; life++) {
      const result = await copy(ledger, failingAfter(to, 1)).catch((error: unknown) => error);
      const there = await orderOf(to);
      expect(there).toEqual(order.slice(0, there.length));
      if (!(result instanceof StoreUnavailable)) {
        expect(result).toMatchObject({ events: order.length, copied: order.length - held });
        expect(life).toBeGreaterThan(5);
        break;
      }
      expect(there.length).toBeGreaterThan(held);
      held = there.length;
    }
    expect(await linesOf(to)).toEqual(await linesOf(ledger));
  });

  test('may be a signal, while it copies or verifies', async () => {
    const to = openMemoryStore();
    for (const at of ['copied', 'verified']) {
      const controller = new AbortController();
      const onProgress = (_: number, what: string): void => {
        if (what === at) controller.abort();
      };
      const stopped = copy(ledger, to, { onProgress, signal: controller.signal });
      expect(await stopped.catch((error: unknown) => error)).toBe(controller.signal.reason);
      expect((await orderOf(to)).length < order.length).toBe(at === 'copied');
    }
    expect((await orderOf(to)).length).toBe(order.length);
    expect(await copy(ledger, to)).toMatchObject({ copied: 0, events: order.length });
  });

  test('is noticed at the next page, although an embedded engine never waits', async () => {
    const controller = new AbortController();
    const { readAll, heads } = readUntil(ledger, controller.signal);
    expect(await readAll({ after: null, limit: 1, records: false })).toHaveLength(1);
    // As a signal's handler would: only a turn of the event loop can run it.
    setImmediate(() => controller.abort());
    const stopped = readAll({ after: null, limit: 1, records: false });
    expect(await stopped.catch((error: unknown) => error)).toBe(controller.signal.reason);
    await expect(heads({ after: null, limit: 1 })).rejects.toThrow('aborted');
  });
});

describe('appends on their way together', () => {
  /** An engine that orders appends as they arrive, some later than others. */
  const unordered = (store: EventStore) => {
    const most = { inFlight: 0 };
    let [inFlight, count] = [0, 0];
    const append: EventStore['append'] = async (...args) => {
      inFlight += 1;
      count += 1;
      most.inFlight = Math.max(most.inFlight, inFlight);
      await sleep(count % 3 === 0 ? 6 : 1);
      inFlight -= 1;
      return store.append(...args);
    };
    return { store: { ...store, append }, most };
  };

  test('one at a time keep the order also there', async () => {
    const to = openMemoryStore();
    const { store, most } = unordered(to);
    await copy(ledger, store);
    expect(most.inFlight).toBe(1);
    expect(await orderOf(to)).toEqual(order);
  });

  test('in another order than they should be are found, and refused by the next run', async () => {
    const from = await beginningOf(ledger, order.length);
    const to = await beginningOf(ledger, order.length);
    const { header, data } = (await eventsOf(ledger))[0] ?? { header: '', data: '' };
    // One event in each stream: no expected length shows the disorder.
    for (let i = 0; i < 9; i++) await from.append(`x-${i}`, 0, seal(`x-${i}`, 0, null, [{ header, data }]));
    await expect(copy(from, unordered(to).store, { together: 20 })).rejects.toMatchObject({
      difference: { what: 'order', stream: expect.any(String) },
    });
    expect((await orderOf(to)).sort()).toEqual((await orderOf(from)).sort());
    await expect(copy(from, to)).rejects.toThrow(/after \d+ events that are the same: event 0 of .*: order/);
  });

  test('are runs of one stream, bounded, and in order', () => {
    const data = JSON.stringify('x'.repeat(100_000));
    const one = (stream: string, count: number, text: string) =>
      seal(
        stream,
        0,
        null,
        Array.from({ length: count }, () => ({ header: '{}', data: text })),
      );
    const events = [...one('a', 2, '{}'), ...one('b', 250, '{}'), ...one('c', 3, data)];
    const runs = runsOf(events);
    expect(runs.flat()).toEqual(events);
    expect(runs.map((run) => run.length)).toEqual([2, 100, 100, 50, 2, 1]);
    for (const run of runs) checkAppend(run[0]?.stream ?? '', run[0]?.revision ?? 0, run);
  });
});

describe('another ledger is refused and left as it is:', () => {
  const refused = async (to: EventStore, message: RegExp): Promise<void> => {
    const before = await linesOf(to);
    await expect(copy(ledger, to)).rejects.toThrow(message);
    expect(await linesOf(to)).toEqual(before);
  };

  test('one made by itself', async () => {
    const { store } = await sealedLedger();
    await goOn(store);
    const other = openMemoryStore();
    const { header, data } = (await eventsOf(store))[0] ?? { header: '', data: '' };
    await other.append('catalogue', 0, seal('catalogue', 0, null, [{ header, data: `${data} ` }]));
    await refused(other, /^event 0 of \w+: /);
  });

  test('a copy that went on by itself, in the middle and at the end', async () => {
    for (const count of [12, order.length]) {
      const to = await beginningOf(ledger, count);
      await goOn(to, 'ledger');
      await refused(to, new RegExp(`^after ${count} events that are the same: event 1 of ledger: order`));
    }
  });

  test('one that has the end of the ledger, but another beginning', async () => {
    const events = await eventsOf(ledger);
    const other = openMemoryStore();
    const [first] = events;
    await other.append('x', 0, seal('x', 0, null, [{ header: first?.header ?? '', data: '{}' }]));
    await refused(
      await beginningOf(ledger, order.length, other),
      /^event 0 of x: order: expected event 0 of /,
    );
  });

  test('and whoever writes to the copy meanwhile is noticed', async () => {
    const to = openMemoryStore();
    const last = (await eventsOf(ledger)).findLast(({ revision }) => revision > 0);
    let done = false;
    const onProgress = (events: number): void => {
      if (done || events < order.length / 2) return;
      done = true;
      void goOn(to, last?.stream);
    };
    await expect(copy(ledger, to, { onProgress })).rejects.toThrow('another process writes there');
    expect(done).toBe(true);
  });
});

describe('a broken ledger is refused at the event that shows it:', () => {
  /** A ledger in a file, changed behind the engine's back. */
  const changed = async (sql: string, ...args: (string | number)[]): Promise<EventStore> => {
    const path = join(temporaryFolder(), 'ledger.db');
    const store = openSqliteStore(path);
    await copy(ledger, store, { together: 500 });
    await store.close();
    const db = new DatabaseSync(path);
    for (const one of sql.split(';')) db.prepare(one).run(...args);
    db.close();
    return openSqliteStore(path, { readOnly: true });
  };
  const at = async (position: number) => (await eventsOf(ledger))[position - 1];

  const brokenAt = async (from: EventStore, position: number, what: string): Promise<void> => {
    const event = await at(position);
    const to = openMemoryStore();
    await expect(copy(from, to)).rejects.toMatchObject({
      difference: { stream: event?.stream, revision: event?.revision, what },
    });
    expect((await orderOf(to)).length).toBeLessThan(position);
    await from.close();
  };

  test.each(['header', 'data'])('a changed %s', async (column) => {
    await brokenAt(
      await changed(`UPDATE events SET ${column} = ${column} || ' ' WHERE position = 20`),
      20,
      'hash',
    );
  });

  test('a changed hash, and changed records', async () => {
    await brokenAt(await changed(`UPDATE events SET hash = zeroblob(32) WHERE position = ?`, 20), 20, 'hash');
    const position = (await eventsOf(ledger)).findIndex(({ records }) => records) + 1;
    await brokenAt(
      await changed(`UPDATE events SET records = NULL WHERE position = ?`, position),
      position,
      'hash',
    );
    await brokenAt(
      await changed(`UPDATE events SET records = x'02' WHERE position = ?`, position),
      position,
      'records',
    );
  });

  test('an event that is gone: from the middle of its stream, and from its end', async () => {
    const events = await eventsOf(ledger);
    const middle = events.findIndex(({ stream, revision }) => stream === 'account-acme' && revision === 3);
    const next = events.findIndex(({ stream, revision }) => stream === 'account-acme' && revision === 4);
    await brokenAt(await changed('DELETE FROM events WHERE position = ?', middle + 1), next + 1, 'revision');
    const ends = events.findLastIndex(({ stream }) => stream === 'account-acme');
    expect(ends).toBeLessThan(events.length - 1);
    await brokenAt(await changed('DELETE FROM events WHERE position = ?', ends + 1), ends + 2, 'place');
  });

  test('two events of different streams that changed places', async () => {
    const events = await eventsOf(ledger);
    const first = events.findIndex(
      (event, i) => i > 0 && event.revision === 0 && events[i - 1]?.stream !== event.stream,
    );
    const swap = `UPDATE events SET position = -1 WHERE position = ${first};
      UPDATE events SET position = ${first} WHERE position = ${first + 1};
      UPDATE events SET position = ${first + 1} WHERE position = -1`;
    await brokenAt(await changed(swap), first + 1, 'place');
  });

  test('damage in what was copied before, and in the copy, is found at the end', async () => {
    const path = join(temporaryFolder(), 'copy.db');
    const first = openSqliteStore(path);
    await beginningOf(ledger, 25, first);
    await first.close();
    const db = new DatabaseSync(path);
    db.prepare(`UPDATE events SET data = data || ' ' WHERE position = 20`).run();
    db.close();
    const to = openSqliteStore(path);
    const event = await at(20);
    await expect(copy(ledger, to)).rejects.toMatchObject({
      difference: { stream: event?.stream, revision: event?.revision, what: 'hash' },
    });
    await to.close();
  });

  test('an engine that loses the last append', async () => {
    const to = openMemoryStore();
    const last = (await eventsOf(ledger)).at(-1);
    const append: EventStore['append'] = async (stream, expected, events) => {
      const kept = events.filter((e) => e.stream !== last?.stream || e.revision !== last.revision);
      return kept.length === 0 ? '1' : to.append(stream, expected, kept);
    };
    await expect(copy(ledger, { ...to, append })).rejects.toMatchObject({
      difference: { stream: last?.stream, revision: last?.revision, found: 'nothing more' },
    });
  });
});

describe('a ledger that is written meanwhile', () => {
  const growing = async (what: string) => {
    const from = await beginningOf(ledger, order.length);
    const to = openMemoryStore();
    let done = false;
    const onProgress = (_: number, at: string): void => {
      if (done || at !== what) return;
      done = true;
      void goOn(from, 'jobs-new');
      void goOn(from);
    };
    return { from, to, onProgress };
  };

  test('is followed to its end', async () => {
    const { from, to, onProgress } = await growing('copied');
    await copy(from, to, { onProgress });
    expect((await orderOf(to)).length).toBe(order.length + 2);
    expect(await orderOf(to)).toEqual(await orderOf(from));
  });

  test('is verified as far as it was copied, and said to have more', async () => {
    const { from, to, onProgress } = await growing('verified');
    expect(await copy(from, to, { onProgress })).toMatchObject({ events: order.length, isBehind: true });
    expect((await orderOf(from)).length).toBe(order.length + 2);
  });
});

describe('heads', () => {
  test('differ where a stream is missing, shorter, longer or another, and not where it is new', async () => {
    const last = (await eventsOf(ledger)).at(-1)?.position ?? null;
    const shorter = await beginningOf(ledger, order.length - 1);
    expect(await differingHead(ledger, await beginningOf(ledger, order.length), last)).toBeNull();
    expect(await differingHead(ledger, shorter, last)).toMatchObject({ what: 'head' });
    expect(await differingHead(ledger, shorter, (await shorter.end()) ?? null)).toBeNull();
    expect(await differingHead(shorter, ledger, last)).toMatchObject({ what: 'head' });
    expect(await differingHead(ledger, openMemoryStore(), last)).toMatchObject({ found: 'none' });
    for (const stream of ['a', 'm', 'zz']) {
      const more = await beginningOf(ledger, order.length);
      await more.append(stream, 0, seal(stream, 0, null, [{ header: '{}', data: '{}' }]));
      expect(await differingHead(ledger, more, last)).toMatchObject({ stream, expected: 'no such stream' });
    }
    const [one, other] = [openMemoryStore(), openMemoryStore()];
    await one.append('a', 0, seal('a', 0, null, [{ header: '{}', data: '1' }]));
    await other.append('a', 0, seal('a', 0, null, [{ header: '{}', data: '2' }]));
    expect(await differingHead(one, other, null)).toMatchObject({ stream: 'a', revision: 0 });
  });

  test('that were not met lately are read from the copy', async () => {
    const to = openMemoryStore();
    const checker = openChecker(to, NO_PLACE, 1);
    for (const event of await eventsOf(ledger))
      await to.append(event.stream, event.revision, [await checker.check(event)]);
    expect(await orderOf(to)).toEqual(order);
  });
});
