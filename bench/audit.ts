/** Bundles of a large month, their verification, that of a whole store, and what sealing costs ingest. */
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openCheckpointSigner } from '../src/checkpoint/checkpoint-queue.ts';
import { ingest } from '../src/ledger/account/ingest.ts';
import { whereOf } from '../src/ledger/location.ts';
import { madeKey } from '../src/ledger/secrets/server-key.ts';
import { batchText, inGroups, ledgerWith, NOW, nameOf, reportsOf } from './load.ts';

const CLOSE = Date.parse('2019-02-01T04:00:00+08:00');
const BATCH = 1_000;
const MIB = 1024 * 1024;
const PROGRAM = new URL('../bin/suanpan.js', import.meta.url).pathname;
/** Says how much memory a process held at most, in KiB, when it ends. */
const WATCH = "process.on('exit', () => console.error('maxRSS', process.resourceUsage().maxRSS));";

interface Ran {
  readonly seconds: number;
  readonly mib: number;
}

/** A command of the command line in a process of its own; what it needed. */
const command = (...args: readonly string[]): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    const watch = `data:text/javascript,${encodeURIComponent(WATCH)}`;
    const child = spawn(process.execPath, ['--import', watch, PROGRAM, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (data) => {
      said += data;
    });
    child.on('close', (code) => {
      const seconds = (performance.now() - started) / 1000;
      const kib = Number(/maxRSS (\d+)/.exec(said)?.[1]);
      if (code === 0) resolve({ seconds, mib: Math.round((kib * 1024) / MIB) });
      else reject(new Error(`suanpan ${args.join(' ')} ended with ${code}: ${said}`));
    });
  });

const told = ({ seconds, mib }: Ran): string => `${seconds.toFixed(2)} s, ${mib} MiB`;

/** One account's month of so many records: its bundle made and verified, and the store verified. */
export const benchBundle = async (records: number): Promise<string> => {
  const { ledger, path, done } = await ledgerWith(1);
  const sealer = openCheckpointSigner({
    store: ledger.store,
    path: `${path}.tree`,
    serverKey: madeKey(whereOf(`sqlite:${path}`, null)),
    now: Date.now,
    file: null,
  });
  await inGroups(records / BATCH, 8, async () => {
    await ingest(ledger, reportsOf(batchText(BATCH, () => nameOf(0))), NOW);
  });
  await ledger.execute(nameOf(0), { name: 'close-month', body: { month: '2019-01' } }, CLOSE, null);
  await sealer.sign();
  await sealer.close();
  await ledger.close();
  const store = `sqlite:${path}`;
  const file = join(path, '..', 'bundle.suanpan');
  const made = await command('bundle', nameOf(0), '2019-01', '-o', file, '--store', store);
  const verified = await command('verify', file);
  const whole = await command('verify', '--store', store);
  const size = (statSync(file).size / MIB).toFixed(1);
  await done();
  const rate = Math.round(records / whole.seconds).toLocaleString('en-US');
  return `a month of ${records.toLocaleString('en-US')} records: bundle of ${size} MiB made in ${told(made)}, verified in ${told(verified)}; the store verified in ${told(whole)} (${rate} records/s)`;
};

const ROUNDS = 4;
const SIGN_MS = 1_000;

/** Batches metered with a checkpoint signed every second beside them, against none; turn about. */
export const benchSealing = async (records: number): Promise<string> => {
  const seconds = { plain: 0, sealed: 0 };
  let signed = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of round % 2 === 0 ? (['plain', 'sealed'] as const) : (['sealed', 'plain'] as const)) {
      const { ledger, path, done } = await ledgerWith(1_000);
      const sealer = openCheckpointSigner({
        store: ledger.store,
        path: `${path}.tree`,
        serverKey: madeKey(whereOf(`sqlite:${path}`, null)),
        now: Date.now,
        file: null,
      });
      const texts = Array.from({ length: records / BATCH }, (_, i) =>
        batchText(BATCH, () => nameOf(i % 1_000)),
      );
      const timer = setInterval(() => {
        if (kind === 'sealed') void sealer.sign().then(() => signed++);
      }, SIGN_MS);
      const started = performance.now();
      await inGroups(texts.length, 16, async (i) => {
        await ingest(ledger, reportsOf(texts[i] ?? '[]'), NOW);
      });
      seconds[kind] += (performance.now() - started) / 1000;
      clearInterval(timer);
      await sealer.close();
      await done();
    }
  }
  const cost = (100 * (seconds.sealed / seconds.plain - 1)).toFixed(1);
  const rate = (s: number) => Math.round((ROUNDS * records) / s).toLocaleString('en-US');
  return `ingest of 1,000 accounts ${rate(seconds.plain)} records/s, with a checkpoint a second (${signed} signed) ${rate(seconds.sealed)}: ${cost} % more time`;
};
