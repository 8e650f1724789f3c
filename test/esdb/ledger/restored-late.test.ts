/**
 * A server that hears late that its engine was restored: its link was down while another server made something else of the
 * restored state, up to the same length or beyond. The first thing that it is asked for when the link is back is not
 * decided by what it held before.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyStore } from '../../../src/audit/verify/verify-store.ts';
import { calendarOf } from '../../../src/domain/calendar.ts';
import { LedgerRestored } from '../../../src/eventstore/event-store.ts';
import { openForReading } from '../../../src/ledger/open.ts';
import { type EsdbDouble, openDouble } from '../double/esdb-double.ts';
import { openServer } from '../ledger-servers.ts';
import { openProxy, type TcpProxy } from '../tcp-proxy.ts';
import { openAccount, report } from './cuts-load.ts';

const STREAM = 'account-acme';
const SAVED = 3;
const LOST = 4;

let double: EsdbDouble;
let proxy: TcpProxy;
beforeEach(async () => {
  double = await openDouble();
  proxy = await openProxy(double.port);
});
afterEach(async () => {
  await proxy.close();
  await double.stop();
});

const ids = (kind: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${kind}-${n}`);

/** The engine restored while the server's link is down, and then grown by another server by so many events. */
const restoredAndGrown = async (grown: number) => {
  const server = await openServer(`esdb://127.0.0.1:${proxy.port}?tls=false`);
  let restored: LedgerRestored | null = null;
  server.onRestored((why) => {
    restored = why;
  });
  await openAccount(server, 'acme');
  for (const id of ids('saved', SAVED)) await report(server, 'acme', [id]);
  const saved = double.saved();
  for (const id of ids('lost', LOST)) await report(server, 'acme', [id]);
  await server.viewsCaughtUp();
  const known = await server.entry('acme');
  await proxy.refuse();
  await double.stop();
  double.restore(saved);
  await double.start();
  const other = await openServer(double.connectionString);
  for (const id of ids('grown', grown)) await report(other, 'acme', [id]);
  await other.close();
  await proxy.accept();
  return { server, known, restored: () => restored };
};

const inEngine = async () => {
  const store = await openForReading(double.connectionString);
  const { length } = await store.head(STREAM);
  const { findings } = await verifyStore(store, calendarOf('Asia/Shanghai'), () => undefined);
  await store.close();
  return { length, findings };
};

test.each([
  ['shorter than', LOST - 2],
  ['as long as', LOST],
  ['longer than', LOST + 3],
])('the stream is %s it was: nothing is appended, accepted or called a duplicate', async (_, grown) => {
  const { server, known, restored } = await restoredAndGrown(grown);
  const before = await inEngine();
  expect(before.length - (known.length - LOST)).toBe(grown);
  // New; known to be there, and lost; there, and not known; kept in memory.
  for (const id of ['new', 'lost-1', 'grown-1', 'saved-1'])
    await expect(report(server, 'acme', [id])).rejects.toBeInstanceOf(LedgerRestored);
  expect(restored()).toBeInstanceOf(LedgerRestored);
  expect(await inEngine()).toEqual({ length: before.length, findings: [] });
});

test('a link that was down, and an engine that only restarted, are no restore', async () => {
  const server = await openServer(`esdb://127.0.0.1:${proxy.port}?tls=false`);
  await openAccount(server, 'acme');
  await report(server, 'acme', ['r-0']);
  await proxy.refuse();
  await double.stop();
  await double.start();
  const other = await openServer(double.connectionString);
  await report(other, 'acme', ['r-1']);
  await proxy.accept();
  expect(await report(server, 'acme', ['r-0', 'r-1', 'r-2'])).toMatchObject([
    { outcome: 'duplicate' },
    { outcome: 'duplicate' },
    { outcome: 'accepted' },
  ]);
});
