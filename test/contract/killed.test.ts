/** The store and the identity index, killed without warning in the middle of their work. */
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { randomFrom } from '../../src/demo/random.ts';
import { openSqliteStore } from '../../src/eventstore/sqlite/store.ts';
import { fingerprint } from '../../src/identity-index/fingerprint.ts';
import { openLevelIndex } from '../../src/identity-index/level.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runs } from '../support/proof.ts';

const run = promisify(execFile);
const QUIET = '--disable-warning=ExperimentalWarning';
const CHILD = fileURLToPath(new URL('until-killed.ts', import.meta.url));

/** Lines that a child said before it was killed, some time after it was ready. */
const saidBeforeKill = (args: readonly string[], after: number): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [QUIET, CHILD, ...args]);
    let said = '';
    let errors = '';
    child.stderr.on('data', (data) => {
      errors += data;
    });
    child.stdout.on('data', (data) => {
      if (said === '') setTimeout(() => child.kill('SIGKILL'), after);
      said += data;
    });
    child.on('exit', (code) => {
      if (code !== null) reject(new Error(errors));
      else resolve(said.slice(0, said.lastIndexOf('\n')).split('\n'));
    });
  });

test('a killed store has every event it acknowledged, and no half of an append', {
  timeout: 600_000,
}, async () => {
  const path = join(temporaryFolder(), 'ledger.db');
  const random = randomFrom(17);
  const rounds = runs('kill −9 of the store', 3, 100);
  const acknowledged = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    const what = round % 2 === 0 ? 'store-in-thread' : 'store';
    const said = (await saidBeforeKill([what, path], random.between(5, 120))).map((line) => line.split(' '));
    const told = said.filter(([, length]) => length !== undefined);
    expect(told.length).toBeGreaterThan(0);
    for (const [stream = '', length] of told) acknowledged.set(stream, Number(length));
    const store = openSqliteStore(path);
    for (const [stream, length] of acknowledged) {
      const head = await store.head(stream);
      expect(head.length).toBeGreaterThanOrEqual(length);
      expect(head.length % 2).toBe(0);
    }
    await store.close();
  }
  expect(acknowledged.size).toBe(3);
});

test('a killed index has everything up to its watermark', { timeout: 600_000 }, async () => {
  const random = randomFrom(19);
  const rounds = runs('kill −9 of the identity index', 2, 50);
  for (let round = 0; round < rounds; round++) {
    const folder = join(temporaryFolder(), 'index');
    await saidBeforeKill(['index', folder], random.between(20, 300));
    const index = await openLevelIndex(folder);
    for (const account of ['a', 'b', 'c']) {
      const { length: watermark } = await index.watermark(account);
      expect(watermark).toBeGreaterThan(0);
      for (let revision = 0; revision < watermark; revision++) {
        const prints = Array.from({ length: 50 }, (_, ordinal) =>
          fingerprint('/g', `${revision}-${ordinal}`),
        );
        expect(prints.every((print) => index.maybe(account, print))).toBe(true);
        const found = await index.find(
          account,
          prints.map((print) => ({ kind: 'record', print })),
        );
        expect(found).toEqual(prints.map((_, ordinal) => ({ revision, ordinal })));
      }
    }
    await index.close();
  }
});

test('a thread that writes may end at any moment: what it was writing is there once, and nobody is told otherwise', {
  timeout: 600_000,
}, async () => {
  const times = runs('ends of the thread that writes', 5, 200);
  const ended = fileURLToPath(new URL('threads-ended.ts', import.meta.url));
  const path = join(temporaryFolder(), 'ledger.db');
  const { stdout } = await run(process.execPath, [QUIET, ended, path, String(times)]);
  expect(JSON.parse(stdout)).toEqual({
    ...{ total: expect.any(Number), failures: [], hung: false, wrong: [] },
    threads: times + 1,
  });
});
