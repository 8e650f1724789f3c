/** `npm run bench -- [name …]`: measures and prints. Figures are this machine's; read them as ratios. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchBundle, benchSealing } from './audit.ts';
import { benchDashboard } from './dashboard.ts';
import { benchEngine } from './engine.ts';
import { benchHttp } from './http.ts';
import { benchHostile } from './http-hostile.ts';
import { benchOverload } from './http-overload.ts';
import { benchReads } from './http-reads.ts';
import { benchAppend, benchClose, benchReplay, benchReplayBeside } from './ledger-life.ts';
import { benchMetering } from './meter.ts';
import { benchPages } from './pages.ts';

const RECORDS = Number(process.env['BENCH_RECORDS'] ?? 1_000_000);

const summary = (rates: readonly number[]): string => {
  const mean = rates.length / rates.reduce((sum, rate) => sum + 1 / rate, 0);
  return `${Math.round(mean).toLocaleString('en-US')} records/s (first ${rates[0]?.toLocaleString('en-US')}, last ${rates.at(-1)?.toLocaleString('en-US')})`;
};

const MIB = 1024 * 1024;
/** Resident memory after the first million records and at the end. */
const growth = (resident: readonly number[]): string => {
  const text = (bytes = 0) => `${Math.round(bytes / MIB)} MiB`;
  return `${text(resident[4] ?? resident.at(-1))} at 1M, ${text(resident.at(-1))} at the end`;
};

const benches: Readonly<Record<string, () => Promise<string>>> = {
  batches: async () => {
    const { rates, bytes, behind, resident, rebuilt } = await benchMetering(
      { name: 'batches', accounts: 1_000, mixed: 1, inFlight: 16 },
      RECORDS,
    );
    return `batches of 1,000 of one account, 1,000 accounts: ${summary(rates)}, ${bytes.toFixed(1)} bytes a record on disk, views ${behind.toFixed(2)} s behind at the end; resident ${growth(resident)}; views rebuilt at ${rebuilt.toLocaleString('en-US')} records/s`;
  },
  hot: async () => {
    const { rates } = await benchMetering({ name: 'hot', accounts: 1, mixed: 1, inFlight: 16 }, RECORDS);
    return `one hot account: ${summary(rates)}`;
  },
  mixed: async () => {
    const { rates } = await benchMetering(
      { name: 'mixed', accounts: 1_000, mixed: 1_000, inFlight: 16 },
      RECORDS / 2,
    );
    return `batches that mix 1,000 accounts: ${summary(rates)}`;
  },
  append: () => benchAppend(() => join(mkdtempSync(join(tmpdir(), 'suanpan-bench-')), 'ledger.db'), 64_000),
  replay: () => benchReplay(RECORDS),
  beside: () => benchReplayBeside(RECORDS / 10),
  http: () => benchHttp(Number(process.env['BENCH_SECONDS'] ?? 8)),
  overload: () => benchOverload(Number(process.env['BENCH_SECONDS'] ?? 8)),
  hostile: () => benchHostile(),
  dashboard: () => benchDashboard(RECORDS, Number(process.env['BENCH_SECONDS'] ?? 60)),
  reads: () => benchReads(RECORDS, Number(process.env['BENCH_SECONDS'] ?? 8)),
  engine: () => benchEngine(Number(process.env['BENCH_SECONDS'] ?? 8)),
  bundle: () => benchBundle(RECORDS),
  sealing: () => benchSealing(RECORDS / 2),
  pages: () =>
    benchPages({
      accounts: Number(process.env['BENCH_ACCOUNTS'] ?? 100_000),
      months: Number(process.env['BENCH_MONTHS'] ?? 1),
      records: RECORDS,
    }),
  close: () => benchClose(Number(process.env['BENCH_ACCOUNTS'] ?? 100_000)),
};

const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : Object.keys(benches)) {
  const bench = benches[name];
  if (!bench) throw new Error(`there is no bench ${name}; there are ${Object.keys(benches).join(', ')}`);
  console.log(await bench());
}
