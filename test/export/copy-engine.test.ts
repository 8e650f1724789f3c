/** Copies a ledger from a file to EventStoreDB and back. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventStore } from '../../src/eventstore/event-store.ts';
import { openSqliteStore } from '../../src/eventstore/sqlite/store.ts';
import { openForReading } from '../../src/ledger/open.ts';
import { issuedBill } from '../../src/ledger/queries/bills.ts';
import { type Copied, copyLedger } from '../../src/transfer/copy.ts';
import { openCopyTarget } from '../../src/transfer/copy-target.ts';
import { ledgerLines } from '../../src/transfer/ledger-file.ts';
import { serversToTest } from '../esdb/servers.ts';
import { temporaryFolder } from '../support/folder.ts';
import { sealedLedger } from '../support/sealed.ts';

const signal = new AbortController().signal;

/** Copies to an address; `most` ends it after that many appends, as a failure would. */
const copyTo = async (
  from: EventStore,
  address: string,
  most = Number.POSITIVE_INFINITY,
): Promise<Copied> => {
  const target = await openCopyTarget(address);
  let left = most;
  const append: EventStore['append'] = (...args) => {
    left -= 1;
    return left < 0 ? Promise.reject(new Error('ended')) : target.store.append(...args);
  };
  const options = { together: target.together, onProgress: () => undefined, signal };
  try {
    const copied = await copyLedger(from, { ...target.store, append }, options);
    await target.finish();
    return copied;
  } finally {
    await target.close();
  }
};

/** What an export holds, but for the positions, which are each engine's own. */
const linesOf = async (store: EventStore): Promise<string[]> => {
  const lines: string[] = [];
  for await (const line of ledgerLines(store)) lines.push(line.replace(/^\{"position":"\d+"/, '{'));
  return lines;
};
const headsOf = (store: EventStore) => store.heads({ after: null, limit: 10_000 });

describe.each(serversToTest)('a copy, on %s', (_, openServer) => {
  let server: Awaited<ReturnType<typeof openServer>>;
  beforeAll(async () => {
    server = await openServer();
  });
  afterAll(() => server.close());

  test('there, ended and gone on, to another ledger of the same engine, and back', async () => {
    const folder = temporaryFolder();
    const ledger = openSqliteStore(`${folder}/first.db`);
    await sealedLedger(ledger);
    const [one, other] = [randomUUID(), randomUUID()].map((n) => `${server.connectionString}&ledger=${n}`);
    if (one === undefined || other === undefined) return;
    await expect(copyTo(ledger, one, 3)).rejects.toThrow('ended');
    await expect(copyTo(ledger, one, 2)).rejects.toThrow('ended');
    const there = await copyTo(ledger, one);
    expect(there.copied).toBeLessThan(there.events);
    const engine = await openForReading(one);
    await copyTo(engine, other);
    const second = await openForReading(other);
    const back = await copyTo(second, `sqlite:${folder}/last.db`);
    expect(back).toEqual({ ...there, copied: there.events });
    const last = await openForReading(`sqlite:${folder}/last.db`);
    const lines = await linesOf(ledger);
    for (const store of [engine, second, last]) {
      expect(await linesOf(store)).toEqual(lines);
      expect(await headsOf(store)).toEqual(await headsOf(ledger));
      expect(await issuedBill(store, 'acme', '2019-02')).toEqual(await issuedBill(ledger, 'acme', '2019-02'));
    }
    // Places are made of the order: also the positions' chain is the first one's again.
    const all = { after: null, limit: 10_000, records: true };
    expect(await last.readAll(all)).toEqual(await ledger.readAll(all));
    for (const store of [engine, second, last, ledger]) await store.close();
  });
});
