/** What can be wrong with an engine's address, or with what belongs to it: one clear line, soon, and not exit 0. */
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandLine, type Ran } from '../../support/command-line.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { onEngine } from '../api/pair.ts';
import { type EsdbDouble, openDouble } from '../double/esdb-double.ts';
import { inLedger } from '../engines.ts';
import { complaints, type Ended, suanpan, suanpanUntil } from './commands.ts';

const SECRET = { SUANPAN_SECRET: 'of a test' };

let double: EsdbDouble;
let folder: string;
/** A port on which nobody ever says a word. */
const silent = createServer(() => undefined);
/** What commands say of engines that do not answer; they wait for these while the other tests run. */
let unanswered: Promise<readonly Ended[]>;
beforeAll(async () => {
  double = await openDouble();
  folder = mkdtempSync(join(tmpdir(), 'suanpan-refusals-'));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const [mute, closed] = [port, 9].map((at) => `esdb://user:hidden@127.0.0.1:${at}?tls=false`);
  const commands = [
    ['verify', '--store', closed],
    ['keys', 'create', '--store', closed],
    ['serve', '--port', '0', '--data', folder, '--store', mute],
    ['bill', 'a', '2019-01', '--store', mute],
  ];
  unanswered = Promise.all(commands.map((args) => suanpan(SECRET, ...args.map(String))));
});
afterAll(async () => {
  silent.close();
  rmSync(folder, { recursive: true, force: true });
  await double.stop();
});

const oneLine = (ended: Ran): string => {
  expect(ended.status, ended.stderr).toBe(2);
  expect(complaints(ended)).toHaveLength(1);
  return ended.stderr;
};

test('a ledger that needs the secret says so', async () => {
  const store = inLedger(double.connectionString);
  const env = { SUANPAN_STORE: store, SUANPAN_DATA: temporaryFolder() };
  for (const words of [
    ['serve', '--port', '0'],
    ['checkpoint', 'sign'],
    ['close-month', '2019-01'],
  ])
    expect(oneLine(await commandLine(words, { env }))).toContain('SUANPAN_SECRET');
});

test('an address that is wrong is told, without what is secret in it', async () => {
  const wrong = [
    'esdb://',
    'esdb://127.0.0.1:1',
    'esdb://user:hidden@127.0.0.1:1?ledger=no/name',
    'esdb://user:hidden@127.0.0.1:1?unknownSetting=1',
    'esdb://user:hidden@127.0.0.1:1?tls=perhaps',
    'esdb://user:hidden@127.0.0.1:notaport?tls=false',
  ];
  for (const store of wrong) {
    const ended = await commandLine(['bill', 'a', '2019-01', '--store', store], { env: SECRET });
    expect(oneLine(ended)).not.toContain('hidden');
  }
});

test('a ledger that is not there is none to read', async () => {
  const store = inLedger(double.connectionString);
  expect(oneLine(await commandLine(['bill', 'a', '2019-01', '--store', store]))).toContain('ledger');
});

test('backup and restore say what there is instead', async () => {
  const store = inLedger(double.connectionString);
  const file = join(temporaryFolder(), 'copy.db');
  for (const command of ['backup', 'restore'])
    expect(oneLine(await commandLine([command, file, '--store', store]))).toContain('suanpan copy');
});

test('a server that starts does not say the password', async () => {
  const store = inLedger(double.connectionString).replace('esdb://', 'esdb://user:hidden@');
  const settings = onEngine(store, temporaryFolder(), { SUANPAN_LOG: 'debug' });
  const ended = await suanpanUntil('listening on', settings, 'serve', '--port', '0');
  expect(ended.stdout).toContain('esdb://127.0.0.1');
  expect(ended.stdout + ended.stderr).not.toContain('hidden');
});

test('an engine that does not answer is told soon', async () => {
  for (const one of await unanswered) {
    expect(oneLine(one)).toMatch(/the engine/);
    expect(one.stderr + one.stdout).not.toContain('hidden');
  }
});
