// Single appends by 64 callers, each to a stream of its own: @event-driven-io/emmett-sqlite beside Suanpan's store, on
// the same disk, both durable at each acknowledgement (WAL, synchronous=FULL).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getSQLiteEventStore } from '@event-driven-io/emmett-sqlite';
import { openSqliteStore } from '../../../src/eventstore/sqlite/store.ts';
import { seal } from '../../../src/integrity/seal-events.ts';

const CALLERS = 64;
const SECONDS = Number(process.env.BENCH_SECONDS ?? 5);
const folder = mkdtempSync(join(tmpdir(), 'suanpan-bench-'));
const text = 'x'.repeat(120);

/** Appends a second: every caller goes on until the time is over. */
const rateOf = async (append, callers) => {
  let appends = 0;
  let failed = 0;
  const started = performance.now();
  const until = started + SECONDS * 1_000;
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      for (let i = 0; performance.now() < until; i++) {
        try {
          await append(caller, i);
          appends += 1;
        } catch (error) {
          if (failed === 0) console.error(String(error));
          failed += 1;
        }
      }
    }),
  );
  const seconds = (performance.now() - started) / 1_000;
  return { rate: Math.round(appends / seconds), failed };
};

const emmett = getSQLiteEventStore({
  schema: { autoMigration: 'CreateOrUpdate' },
  fileName: join(folder, 'emmett.db'),
});
await emmett.appendToStream('warm-up', [{ type: 'Bench', data: { i: 0 } }]);
const append = (caller, i) => emmett.appendToStream(`s${caller}`, [{ type: 'Bench', data: { i, text } }]);
const together = await rateOf(append, CALLERS);
// One after the other: nobody finds the database locked.
const alone = await rateOf(append, 1);

const store = openSqliteStore(join(folder, 'suanpan.db'));
const hashes = new Array(CALLERS).fill(null);
const ours = await rateOf(async (caller, i) => {
  const events = seal(`s${caller}`, i, hashes[caller], [
    { header: '{"type":"Bench"}', data: JSON.stringify({ i, text }) },
  ]);
  await store.append(`s${caller}`, i, events);
  hashes[caller] = events[0]?.hash ?? null;
}, CALLERS);
await store.close();
rmSync(folder, { recursive: true, force: true });
const shown = ({ rate, failed }) => `${rate}/s${failed > 0 ? ` (${failed} failed)` : ''}`;
const best = Math.max(together.rate, alone.rate);
console.log(
  `single appends: emmett-sqlite ${shown(together)} with ${CALLERS} callers, ${shown(alone)} with one; Suanpan ${shown(ours)} with ${CALLERS}: ${(ours.rate / best).toFixed(1)} times its better`,
);
process.exit(0);
