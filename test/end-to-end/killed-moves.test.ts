/**
 * `restore`, `load`, `copy` and `backup` killed without warning at any moment: what is then at the place is nothing or the
 * whole, never a part; the same command again succeeds, and its ledger verifies and says what the first one says.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { commandLine } from '../support/command-line.ts';
import { folderOfFile } from '../support/folder.ts';
import { inFull, runs } from '../support/proof.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/suanpan.js', import.meta.url));
const folder = folderOfFile();
const at = (name: string): string => join(folder(), name);
const store = (path: string): string => `sqlite:${path}`;
const RECORDS = inFull('2000', '8000');
const SOURCE = () => store(at('source.db'));

/** Each writes to a path; what it makes there is verified by restoring it, if it is no ledger itself. */
const MOVES: Readonly<Record<string, (path: string) => string[]>> = {
  restore: (path) => ['restore', at('backup'), '--store', store(path)],
  load: (path) => ['load', at('export'), '--store', store(path)],
  copy: (path) => ['copy', SOURCE(), store(path)],
  backup: (path) => ['backup', path, '--store', SOURCE()],
};

let facts: string;
beforeAll(async () => {
  const demo = ['demo', '--exit', '--accounts', '4', '--records', RECORDS, '--store', SOURCE()];
  for (const words of [
    demo,
    ['backup', at('backup'), '--store', SOURCE()],
    ['export', at('export'), '--store', SOURCE()],
  ]) {
    const { status, stderr } = await commandLine(words);
    expect(status, stderr).toBe(0);
  }
  facts = await factsOf(SOURCE());
}, 240_000);

const factsOf = async (of: string): Promise<string> => {
  const { status, stdout, stderr } = await commandLine(['export', '-', '--store', of]);
  expect(status, stderr).toBe(0);
  return stdout;
};

/** Ends it when it has written this often into the folder; null: never. Resolves to the writes seen. */
const run = async (words: readonly string[], place: string, killAt: number | null): Promise<number> => {
  let writes = 0;
  const child = spawn(process.execPath, [PROGRAM, ...words], { stdio: 'ignore' });
  const watcher = watch(place, { recursive: true }, () => {
    writes += 1;
    if (writes === killAt) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.once('exit', resolve));
  // What the system still has to tell of.
  await sleep(20);
  watcher.close();
  return writes;
};

test.each(Object.keys(MOVES))('%s', { timeout: 600_000 }, async (name) => {
  const words = MOVES[name] ?? (() => []);
  const place = at(`place of ${name}`);
  const path = join(place, 'ledger.db');
  mkdirSync(place);
  const writes = await run(words(path), place, null);
  expect(existsSync(path)).toBe(true);
  const kills = runs('kills of what moves a ledger', 2, 60);
  for (let i = 0; i < kills; i++) {
    rmSync(place, { recursive: true });
    mkdirSync(place);
    await run(words(path), place, 1 + Math.floor((writes * i) / kills));
    const isThere = existsSync(path);
    const again = await commandLine(words(path));
    const isTold = isThere && name !== 'copy';
    expect([again.status, again.stderr]).toEqual(
      isTold ? [2, expect.stringContaining('already')] : [0, expect.not.stringContaining('internal error')],
    );
    const made = name === 'backup' ? join(place, 'restored.db') : path;
    if (name === 'backup')
      expect((await commandLine(['restore', path, '--store', store(made)])).status).toBe(0);
    const { status, stdout } = await commandLine(['verify', '--store', store(made)]);
    expect([status, stdout]).toEqual([0, expect.stringContaining('every seal and sum holds')]);
    expect(await factsOf(store(made))).toBe(facts);
    expect(readdirSync(place).filter((found) => found.endsWith('.part'))).toEqual([]);
  }
});
