/** Metering from JSON text in memory to durable. */
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openViews } from '../src/derived/views.ts';
import { openSqliteStore } from '../src/eventstore/sqlite/store.ts';
import { ingest } from '../src/ledger/account/ingest.ts';
import { rebuildViews } from '../src/ledger/following/follow.ts';
import { batchText, inGroups, ledgerWith, NOW, nameOf, reportsOf, timed } from './load.ts';

export interface Metering {
  readonly name: string;
  readonly accounts: number;
  /** Accounts that one batch mixes. */
  readonly mixed: number;
  readonly inFlight: number;
}

const BATCH = 1_000;
const PREPARED = 200;

const bytesUnder = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true }).reduce(
    (sum, entry) =>
      sum +
      (entry.isDirectory() ? bytesUnder(join(folder, entry.name)) : statSync(join(folder, entry.name)).size),
    0,
  );

/** Meters `records` records in batches of a thousand; the rate of each part, and disk bytes a record at the end. */
export const benchMetering = async ({ accounts, mixed, inFlight }: Metering, records: number) => {
  const { ledger, path, done } = await ledgerWith(accounts);
  const rates: number[] = [];
  const resident: number[] = [];
  const batches = records / BATCH;
  for (let from = 0; from < batches; from += PREPARED) {
    const texts = Array.from({ length: Math.min(PREPARED, batches - from) }, (_, b) =>
      batchText(BATCH, (i) => nameOf(mixed > 1 ? i % mixed : (from + b) % accounts)),
    );
    const { rate } = await timed(texts.length * BATCH, () =>
      inGroups(texts.length, inFlight, async (b) => {
        const { counts } = await ingest(ledger, reportsOf(texts[b] ?? '[]'), NOW);
        if (counts.accepted !== BATCH)
          throw new Error(`${counts.accepted} of ${BATCH} records were accepted`);
      }),
    );
    rates.push(rate);
    resident.push(process.memoryUsage.rss());
  }
  const behind = await timed(1, () => ledger.viewsCaughtUp());
  await ledger.close();
  const bytes = bytesUnder(dirname(path)) / records;
  const store = openSqliteStore(path, { readOnly: true });
  const views = openViews(':memory:');
  const { rate: rebuilt } = await timed(records, () => rebuildViews(store, views, () => undefined));
  views.close();
  await store.close();
  await done().catch(() => undefined);
  return { rates, bytes, behind: behind.seconds, resident, rebuilt };
};
