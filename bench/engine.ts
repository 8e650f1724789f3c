/**
 * The ledger on a real EventStoreDB (the server at SUANPAN_TEST_ESDB), beside the embedded store and beside the bare
 * client, all in one run: rates, processor time a record, and how fast a new server catches up.
 */

import { randomBytes, randomUUID } from 'node:crypto';
import { cpus } from 'node:os';
import { binaryEvent, EventStoreDBClient, NO_STREAM } from '@eventstore/db-client';
import { openViews } from '../src/derived/views.ts';
import { appendBytes } from '../src/eventstore/event-store.ts';
import { isEngineAddress } from '../src/eventstore/eventstoredb/address.ts';
import { openDirectory } from '../src/eventstore/eventstoredb/stream-directory.ts';
import { ENGINE_TIMES } from '../src/eventstore/eventstoredb/timeouts.ts';
import { catchUp } from '../src/ledger/following/follow.ts';
import { readingOf } from '../src/ledger/following/page-reader.ts';
import { openForReading } from '../src/ledger/open.ts';
import { everyAccepted, run, type Served, serve } from './http.ts';

const ACCOUNTS = 200;
const CONNECTIONS = 16;
const CREDENTIALS = { username: 'bench', password: 'unused' };
const round = (n: number): string => Math.round(n).toLocaleString('en-US');

interface Measured {
  /** Records a second, over all servers. */
  readonly rate: number;
  /** Microseconds of processor time a record, of all threads of the servers. */
  readonly cpu: number;
}

/** Seconds of processor time that a server has used. */
const cpuOf = async ({ base }: Served): Promise<number> => {
  const text = await (await fetch(`${base}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1]);
};

/** Load on all servers at once, of the same accounts (`shared`) or each of its own share of them. */
const measured = async (
  servers: readonly Served[],
  size: number,
  seconds: number,
  shared = false,
): Promise<Measured> => {
  const cpu = async () => (await Promise.all(servers.map(cpuOf))).reduce((sum, one) => sum + one, 0);
  const before = await cpu();
  const accounts = shared ? ACCOUNTS : ACCOUNTS / servers.length;
  const load = { path: '/v1/usage', size, accounts, connections: CONNECTIONS / servers.length, seconds };
  const runs = await Promise.all(
    servers.map(({ base }, i) => run(base, { ...load, first: shared ? 0 : i * accounts })),
  );
  const records = runs.reduce((sum, { total }) => sum + total * size, 0);
  const rate = runs.reduce((sum, one) => sum + one.rate * size, 0);
  return { rate, cpu: (((await cpu()) - before) * 1e6) / records };
};

/** Appends of one event of so many bytes by the client alone, as many at once as the servers have connections. */
const bareAppends = async (address: string, bytes: number, seconds: number): Promise<number> => {
  const client = EventStoreDBClient.connectionString(address);
  const data = randomBytes(bytes);
  const until = performance.now() + seconds * 1_000;
  let appends = 0;
  const caller = async () => {
    const stream = `bench-${randomUUID()}`;
    for (let i = 0; performance.now() < until; i++) {
      const event = binaryEvent({ id: randomUUID(), type: 'Bench', data });
      const expectedRevision = i === 0 ? NO_STREAM : BigInt(i - 1);
      await client.appendToStream(stream, event, { expectedRevision, credentials: CREDENTIALS });
      appends += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, caller));
  await client.dispose();
  return appends / seconds;
};

/** Events a second that the client reads of everything, alone, and how many of them are of a ledger. */
const bareReads = async (address: string, prefix: string): Promise<{ rate: number; share: number }> => {
  const client = EventStoreDBClient.connectionString(address);
  for await (const _ of client.readAll({ maxCount: 1 }));
  const started = performance.now();
  let [events, own] = [0, 0];
  for await (const { event } of client.readAll()) {
    events += 1;
    if (event?.streamId.startsWith(prefix)) own += 1;
  }
  const seconds = (performance.now() - started) / 1_000;
  await client.dispose();
  return { rate: events / seconds, share: own / events };
};

/** Events a second that a new server reads into its views, once its threads have started. */
const catchingUp = async (address: string): Promise<{ rate: number; events: number }> => {
  const store = isEngineAddress(address)
    ? readingOf({ address, times: ENGINE_TIMES, anchor: null })
    : await openForReading(address);
  await store.readAll({ after: null, limit: 1, records: false });
  const [views, directory] = [openViews(':memory:'), openDirectory(':memory:')];
  let events = 0;
  const started = performance.now();
  await catchUp(store, views, { directory, onProgress: (n) => (events = n) });
  const seconds = (performance.now() - started) / 1_000;
  views.close();
  directory.close();
  await store.close();
  return { rate: events / seconds, events };
};

/** Bytes of the event that the last batch of an account became. */
const lastEventBytes = async (address: string): Promise<number> => {
  const store = await openForReading(address);
  const { length } = await store.head('account-account-1');
  const page = { from: length - 1, limit: 1, direction: 'forwards', records: true } as const;
  const events = await store.read('account-account-1', page);
  await store.close();
  return appendBytes(events);
};

export const benchEngine = async (seconds: number): Promise<string> => {
  const engine = process.env['SUANPAN_TEST_ESDB'];
  if (!engine) return 'engine: skipped, SUANPAN_TEST_ESDB names no server (esdb://HOST:PORT?tls=false)';
  const ledger = `bench-${randomUUID()}`;
  const store = `${engine}&ledger=${ledger}`;
  const payloads: { size: number; bytes: number }[] = [];
  const lines: string[] = [`engine: ${cpus().length} cores for engine, servers and load`];
  const embedded = await serve(ACCOUNTS);
  const first = await serve(ACCOUNTS, { store });
  const second = await serve(0, { store });
  for (const size of [100, 1_000]) {
    const base = await measured([embedded], size, seconds);
    const one = await measured([first], size, seconds);
    const bytes = await lastEventBytes(store);
    const two = await measured([first, second], size, seconds);
    const both = await measured([first, second], size, seconds, true);
    payloads.push({ size, bytes });
    const times = ({ cpu }: Measured) => `${cpu.toFixed(2)} µs (${(cpu / base.cpu).toFixed(2)} times)`;
    lines.push(
      `${round(size)} records a request (events of ${round(bytes)} bytes): one server ${round(one.rate)} records/s; two, each account at one of them, ${round(two.rate)}; two, every account at both, ${round(both.rate)}`,
      `  embedded ${round(base.rate)}; processor time a record: embedded ${base.cpu.toFixed(2)} µs, one server ${times(one)}, two ${times(two)}, every account at both ${times(both)}`,
    );
  }
  const files = await catchingUp(embedded.store);
  const engines = await catchingUp(store);
  const bare = await bareReads(engine, ledger);
  lines.push(
    `a new server catches up at ${round(engines.rate)} events/s (${round(engines.events)} events); embedded rebuild ${round(files.rate)} (${round(files.events)}); the client alone reads ${round(bare.rate)} events/s, ${Math.round(100 * bare.share)} % of them the ledger’s`,
  );
  // Last: what it appends would be read by whoever catches up.
  for (const { size, bytes } of payloads) {
    const rate = await bareAppends(engine, bytes, seconds);
    lines.push(
      `the client alone appends events of ${round(bytes)} bytes like ${round(rate * size)} records/s`,
    );
  }
  for (const served of [second, first, embedded]) {
    await everyAccepted(served.base);
    await served.stop();
  }
  return lines.join('\n');
};
