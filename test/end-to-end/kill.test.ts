/** Killed without warning, again and again: nothing acknowledged is lost, nothing is counted twice. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { verifyStore } from '../../src/audit/verify/verify-store.ts';
import { randomFrom } from '../../src/demo/random.ts';
import { calendarOf } from '../../src/domain/calendar.ts';
import { openSqliteStore } from '../../src/eventstore/sqlite/store.ts';
import { loadAccount } from '../../src/ledger/account/loaded-account.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runs } from '../support/proof.ts';

const REPEATED = 1_000;
const HAMMER = fileURLToPath(new URL('hammer.ts', import.meta.url));

/** Runs the client, and kills it some milliseconds behind the line `from`; what it said was acknowledged. */
const killed = (args: readonly string[], from: number, after: number): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', HAMMER, ...args]);
    let said = '';
    let errors = '';
    let isDoomed = false;
    child.stderr.on('data', (data) => {
      errors += data;
    });
    child.stdout.on('data', (data) => {
      said += data;
      // The last line may not be whole yet.
      const lines = said.split('\n').length - 1;
      if (lines > from && !isDoomed) {
        isDoomed = true;
        setTimeout(() => child.kill('SIGKILL'), after);
      }
    });
    child.on('exit', (code) => {
      if (code !== null && code !== 0) reject(new Error(errors));
      else
        resolve(
          said
            .slice(0, said.lastIndexOf('\n'))
            .split('\n')
            .filter((line) => line !== 'READY'),
        );
    });
  });

test('kill −9 while reporting', { timeout: 3_600_000 }, async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'ledger.db');
  const seen = join(folder, 'acknowledged');
  const random = randomFrom(5);
  const acknowledged: string[] = [];
  const rounds = runs('kill −9 rounds', 3, 200);
  for (let round = 0; round < rounds; round++) {
    // What was acknowledged lately is reported again each time, and all of it in the last round.
    writeFileSync(seen, acknowledged.slice(round === rounds - 1 ? 0 : -REPEATED).join('\n'));
    // In every other round before anything is known to be acknowledged, however fast the machine is.
    const said = await killed([path, seen, String(round)], round % 2, random.between(20, 150));
    expect(said.filter((line) => line.startsWith('LOST'))).toEqual([]);
    acknowledged.push(...said);
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(Math.floor(rounds / 2));
  const store = openSqliteStore(path);
  const verified = await verifyStore(store, calendarOf('Asia/Shanghai'), () => undefined);
  expect(verified.findings).toEqual([]);
  let counted = 0;
  for (const account of ['a', 'b', 'c']) {
    const groups = (await loadAccount(store, null, account)).account?.months['2019-01']?.groups ?? {};
    for (const group of Object.values(groups)) counted += group.free + group.postPaid;
  }
  // Each record has one call: what was counted is what is held, and no less than what was acknowledged.
  expect(counted).toBe(verified.records);
  expect(counted).toBeGreaterThanOrEqual(new Set(acknowledged).size);
  await store.close();
});
