/**
 * Ledgers of one engine beside each other. One that the address does not name is the one named `suanpan`, so that no
 * ledger is a part of another, and what other programs keep in the engine is of none. On the double alone: a server that
 * serves others may hold an unnamed ledger already.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyStore } from '../../../src/audit/verify/verify-store.ts';
import { calendarOf } from '../../../src/domain/calendar.ts';
import type { EventStore } from '../../../src/eventstore/event-store.ts';
import { DEFAULT_ZONE } from '../../../src/ledger/location.ts';
import { openForReading, openLedgerAt } from '../../../src/ledger/open.ts';
import { copyLedger } from '../../../src/transfer/copy.ts';
import { openCopyTarget } from '../../../src/transfer/copy-target.ts';
import { type EsdbDouble, openDouble } from '../double/esdb-double.ts';
import { openAccount, report } from './cuts-load.ts';

/** Names that could be taken for streams of an unnamed ledger, or end where one of its names does. */
const NAMES = ['b', 'account-x', 'account-acme', 'suanpa', 'catalogue'] as const;
const ALL = { after: null, limit: 10_000, records: true } as const;

let double: EsdbDouble;
beforeEach(async () => {
  double = await openDouble();
});
afterEach(() => double.stop());

const named = (name: string): string => `${double.connectionString}&ledger=${name}`;

/** Makes a ledger with one account and so many records. */
const filled = async (address: string, account: string, records: number): Promise<void> => {
  const ledger = await openLedgerAt({ store: address, clock: 'driven' });
  try {
    await openAccount(ledger, account);
    for (let n = 0; n < records; n++) await report(ledger, account, [`${account}-${n}`]);
  } finally {
    await ledger.close();
  }
};

/** All that a ledger's store shows, and what a verification finds in it. */
const shown = async (address: string) => {
  const store = await openForReading(address);
  try {
    const { findings, records } = await verifyStore(store, calendarOf(DEFAULT_ZONE), () => undefined);
    return {
      heads: await store.heads(ALL),
      streams: await store.streams({ ...ALL, prefix: '' }),
      accounts: await store.streams({ ...ALL, prefix: 'account-' }),
      events: await store.readAll(ALL),
      end: await store.end(),
      findings,
      records,
    };
  } finally {
    await store.close();
  }
};

const copied = async (from: EventStore, to: string) => {
  const { store, together, finish, close } = await openCopyTarget(to);
  const { signal } = new AbortController();
  try {
    const result = await copyLedger(from, store, { together, onProgress: () => undefined, signal });
    await finish();
    return result;
  } finally {
    await close();
  }
};

test('an unnamed ledger is the one named suanpan', async () => {
  await filled(double.connectionString, 'acme', 1);
  const ours = double.events().filter(({ stream }) => !stream.startsWith('$'));
  expect(ours.length).toBeGreaterThan(3);
  expect(ours.filter(({ stream }) => !stream.startsWith('suanpan.'))).toEqual([]);
  expect(await shown(named('suanpan'))).toEqual(await shown(double.connectionString));
});

test('an unnamed ledger sees nothing of named ones, nor they of it, whoever is first', async () => {
  const [first, ...rest] = NAMES;
  await filled(named(first), 'acme', 2);
  await filled(double.connectionString, 'acme', 3);
  const before = await shown(double.connectionString);
  for (const name of rest) await filled(named(name), 'acme', 2);
  expect(await shown(double.connectionString)).toEqual(before);
  expect(before).toMatchObject({ findings: [], records: 3, accounts: ['account-acme'] });
  expect(before.streams).toEqual(before.heads.map(({ stream }) => stream));
  expect(before.streams.filter((stream) => stream.includes('.'))).toEqual([]);
  expect(before.events.at(-1)?.position).toBe(before.end);
  for (const name of NAMES) {
    const { findings, records, streams } = await shown(named(name));
    expect([name, findings, records, streams]).toEqual([name, [], 2, before.streams]);
  }
});

test('an unnamed ledger opens anew beside named ones, with a zone of its own', async () => {
  await filled(named('ledger'), 'acme', 1);
  const options = { store: double.connectionString, clock: 'driven', zone: 'Europe/Berlin' } as const;
  const ledger = await openLedgerAt(options);
  expect(ledger.calendar.zone).toBe('Europe/Berlin');
  await ledger.close();
});

test('an unnamed ledger is copied to a named one of the same engine, and brought up to date there', async () => {
  await filled(double.connectionString, 'acme', 3);
  const from = await openForReading(double.connectionString);
  const first = await copied(from, named('b'));
  expect(first).toMatchObject({ copied: first.events, isBehind: false });
  await filled(double.connectionString, 'other', 2);
  const second = await copied(from, named('b'));
  expect(second.copied).toBe(second.events - first.events);
  expect(await copied(from, named('b'))).toMatchObject({ copied: 0, order: second.order });
  await from.close();
  const [own, there] = [await shown(double.connectionString), await shown(named('b'))];
  expect(there).toMatchObject({ heads: own.heads, findings: [], records: own.records });
  expect(there.events.map(({ hash }) => hash)).toEqual(own.events.map(({ hash }) => hash));
});

test('a named ledger is copied to the unnamed one of the same engine', async () => {
  await filled(named('b'), 'acme', 3);
  const from = await openForReading(named('b'));
  await copied(from, double.connectionString);
  await from.close();
  const [own, there] = [await shown(named('b')), await shown(double.connectionString)];
  expect(there).toMatchObject({ heads: own.heads, findings: [], records: own.records });
});

test('streams of other programs are passed over, before, between and behind', async () => {
  const foreign = () => {
    for (const stream of [
      'account-acme',
      'ledger',
      'catalogue',
      'suanpan',
      'suanpan-x',
      'Suanpan.a',
      'orders',
    ])
      double.write(stream, 'Other', { by: 'another program' });
  };
  foreign();
  await filled(double.connectionString, 'acme', 2);
  const before = await shown(double.connectionString);
  foreign();
  expect(await shown(double.connectionString)).toEqual(before);
  expect(before).toMatchObject({ findings: [], records: 2, accounts: ['account-acme'] });
  await filled(double.connectionString, 'other', 2);
  expect(await shown(double.connectionString)).toMatchObject({ findings: [], records: 4 });
});
