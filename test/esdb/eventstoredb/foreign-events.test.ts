/**
 * An engine that others use too: what a ledger costs there grows with the ledger, not with what others write. Counted in
 * events of others that the engine sends, each once: looking at the engine's last event takes none more, however long it takes.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLedgerAt } from '../../../src/ledger/open.ts';
import { appendTo } from '../../contract/event-store.contract.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type EsdbDouble, openDouble } from '../double/esdb-double.ts';
import { engineStore, inLedger, onEveryEngine } from '../engines.ts';
import { openAccount, report } from '../ledger/cuts-load.ts';
import { counted } from '../ledger-servers.ts';

const FOREIGN = 15_000;
/** Looks at the end of the engine, and at what lies near it, whoever wrote it. */
const LOOKS = 500;

let double: EsdbDouble;
beforeEach(async () => {
  double = await openDouble();
});
afterEach(() => double.stop());

const foreign = (count = FOREIGN): void => {
  for (let n = 0; n < count; n++) double.write(`orders-${n % 7}`, 'OrderPlaced', { n });
};

/** How many of the others' events the engine sent while something was done. */
const sentBy = async (work: () => Promise<unknown>): Promise<number> => {
  const before = new Set(double.sent());
  await work();
  return double
    .events()
    .map(({ stream, position }) => ({ stream, position: `${position}` }))
    .filter(({ stream, position }) => stream.startsWith('orders-') && !before.has(position))
    .filter(({ position }) => double.sent().has(position)).length;
};

const serve = async (data: string, records: readonly string[] = []) => {
  const ledger = await openLedgerAt({ store: double.connectionString, data, clock: 'driven' });
  if (records.length > 0) await openAccount(ledger, 'acme');
  for (const id of records) await report(ledger, 'acme', [id]);
  await ledger.viewsCaughtUp();
  const found = counted(ledger, 'acme');
  await ledger.store.end();
  await ledger.close();
  return found;
};

test('a server that starts reads its own ledger, whatever lies before, between and behind', async () => {
  foreign();
  const data = temporaryFolder();
  const first = await sentBy(() => serve(data, ['r-0', 'r-1']));
  expect(first).toBeLessThan(LOOKS);
  foreign();
  expect(await sentBy(() => serve(data))).toBeLessThan(LOOKS);
  // A new server, with nothing derived.
  const anew = await sentBy(async () => {
    expect(await serve(temporaryFolder())).toEqual({ records: 2, calls: 2 });
  });
  expect(anew).toBeLessThan(LOOKS);
});

test('a server that runs while others write hears of its own ledger alone', async () => {
  const ledger = await openLedgerAt({
    store: double.connectionString,
    data: temporaryFolder(),
    clock: 'driven',
  });
  await openAccount(ledger, 'acme');
  await ledger.viewsCaughtUp();
  const sent = await sentBy(async () => {
    for (let n = 0; n < 10; n++) {
      foreign(1_000);
      await report(ledger, 'acme', [`r-${n}`]);
      await ledger.viewsCaughtUp();
    }
  });
  expect(counted(ledger, 'acme')).toEqual({ records: 10, calls: 10 });
  await ledger.close();
  expect(sent).toBeLessThan(LOOKS);
});

onEveryEngine('a ledger beside others', (open) => {
  test('is read in order and whole, page by page, and ends where it ends', async () => {
    const engine = await open();
    const [one, two] = [engine.address(), inLedger(engine.address().replace(/[?&]ledger=[^&]*/, ''))].map(
      (address) => engineStore(address),
    );
    if (!one || !two) throw new Error('two ledgers');
    const positions: string[] = [];
    for (let n = 0; n < 60; n++) {
      const draft = { header: `{"type":"Test","n":${n}}`, data: `{"n":${n}}` };
      positions.push(await appendTo(one, `a-${n % 3}`, draft));
      for (let other = 0; other < n % 4; other++) await appendTo(two, 'b', draft);
    }
    for (const limit of [1, 7, 59, 60, 1_000]) {
      const read: string[] = [];
      for (let after: string | null = null; ; after = read.at(-1) ?? null) {
        const page = await one.readAll({ after, limit, records: false });
        read.push(...page.map(({ position }) => position));
        if (page.length === 0) break;
      }
      expect(read).toEqual(positions);
    }
    expect(await one.end()).toBe(positions.at(-1));
    const late = engineStore(engine.address());
    expect(await late.end()).toBeNull();
    await Promise.all([one.close(), two.close(), late.close()]);
    await engine.close();
  });
});
