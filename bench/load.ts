/** Load for the benchmarks: JSON texts of usage batches, made before the clock starts. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportOfValue, type UsageReport } from '../src/input/usage-report.ts';
import type { Ledger } from '../src/ledger/ledger.ts';
import { openLedgerAt } from '../src/ledger/open.ts';

export const OPENED = Date.parse('2019-01-01T00:00:00+08:00');
const DAY = 86_400_000;
export const NOW = OPENED + 28 * DAY;
const INTERFACES = ['compare', 'search', 'detect'] as const;

/** A batch of random records as JSON text; `account(i)` names the account of each, `from` is the earliest time. */
export const batchText = (size: number, account: (i: number) => string, from = OPENED + 20 * DAY): string =>
  JSON.stringify(
    Array.from({ length: size }, (_, i) => ({
      specversion: '1.0',
      type: 'suanpan.usage',
      source: '/gateway/1',
      id: randomUUID(),
      subject: account(i),
      time: new Date(from + ((i * 7_919) % (DAY / 4))).toISOString(),
      data: { interface: `face-recognition/${INTERFACES[i % INTERFACES.length]}`, calls: 1 + (i % 5) },
    })),
  );

/** The reports of a batch. */
export const reportsOf = (text: string): readonly UsageReport[] =>
  (JSON.parse(text) as unknown[]).map(reportOfValue);

/** A ledger in a new folder with open accounts, named `named`; `done` deletes it. */
export const ledgerWith = async (
  accounts: number,
  named: (i: number) => string = () => '',
): Promise<{ ledger: Ledger; path: string; done: () => Promise<void> }> => {
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-bench-'));
  const path = join(folder, 'ledger.db');
  const ledger = await openLedgerAt({ store: `sqlite:${path}`, clock: 'driven' });
  await inGroups(accounts, 500, async (i) => {
    await ledger.execute(nameOf(i), { name: 'open-account', body: { name: named(i) } }, OPENED, null);
    await ledger.execute(
      nameOf(i),
      { name: 'activate-service', body: { product: 'face-recognition' } },
      OPENED,
      null,
    );
  });
  const done = async () => {
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ledger, path, done };
};

export const nameOf = (i: number): string => `account-${i}`;

/** Runs work for 0..count-1, so many at once. */
export const inGroups = async (
  count: number,
  size: number,
  work: (i: number) => Promise<void>,
): Promise<void> => {
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(size, count) }, async () => {
      for (let i = next++; i < count; i = next++) await work(i);
    }),
  );
};

/** Runs a thing and says how many a second. */
export const timed = async (
  count: number,
  work: () => Promise<void>,
): Promise<{ seconds: number; rate: number }> => {
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  return { seconds, rate: Math.round(count / seconds) };
};
