/** The close of a month for all accounts, killed without warning at any moment: run again, each bill is as it would have been. */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { verifyStore } from '../../src/audit/verify/verify-store.ts';
import { calendarOf } from '../../src/domain/calendar.ts';
import { eventsAfter, typeOf } from '../../src/eventstore/reading.ts';
import { openForReading } from '../../src/ledger/open.ts';
import { issuedBill } from '../../src/ledger/queries/bills.ts';
import { commandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/folder.ts';
import { inFull } from '../support/proof.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/suanpan.js', import.meta.url));
const OPENED = '2019-01-01T00:00:00+08:00';
const ACCOUNTS = Array.from({ length: Number(inFull('150', '1000')) }, (_, n) => `a-${n}`);

const lifeOf = (account: string, n: number): object[] => [
  { at: OPENED, command: 'open-account', account, name: account },
  { at: OPENED, command: 'activate-service', account, product: 'face-recognition' },
  { at: OPENED, command: 'deposit', account, amount: '900', reference: 'first' },
  {
    ...{ specversion: '1.0', type: 'suanpan.usage', source: '/g', id: 'u', subject: account },
    ...{
      time: '2019-01-10T08:00:00+08:00',
      data: { interface: 'face-recognition/compare', calls: 60_000 + n },
    },
  },
];

const closing = (path: string): string[] => [
  ...['close-month', '2019-01', '--at', '2019-02-01T04:00:00+08:00', '--store', `sqlite:${path}`],
];

/** Closes, and kills that when its log has grown by so many bytes; tells whether it came to its end before. */
const killedAt = async (path: string, bytes: number): Promise<boolean> => {
  const child = spawn(process.execPath, [PROGRAM, ...closing(path)], { stdio: 'ignore' });
  const log = `${path}-wal`;
  const timer = setInterval(() => {
    if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > bytes) child.kill('SIGKILL');
  }, 1);
  const signal = await new Promise((resolve) => child.once('exit', (_code, by) => resolve(by)));
  clearInterval(timer);
  return signal === null;
};

/** The digests of all bills, how many closes there are, and what a verification finds. */
const shown = async (path: string) => {
  const store = await openForReading(`sqlite:${path}`);
  try {
    const bills: Record<string, string | null> = {};
    for (const account of ACCOUNTS)
      bills[account] = (await issuedBill(store, account, '2019-01'))?.bill.digest ?? null;
    let closes = 0;
    for await (const stored of eventsAfter(store)) if (typeOf(stored) === 'MonthClosed') closes += 1;
    const { findings } = await verifyStore(store, calendarOf('Asia/Shanghai'), () => undefined);
    return { bills, closes, findings };
  } finally {
    await store.close();
  }
};

test('a killed close of all accounts goes on where it was, and every bill is the same', {
  timeout: 600_000,
}, async () => {
  const folder = temporaryFolder();
  const [whole, killed] = ['whole', 'killed'].map((name) => join(folder, name, 'ledger.db'));
  if (!whole || !killed) throw new Error('two ledgers');
  writeFileSync(
    join(folder, 'life'),
    ACCOUNTS.flatMap(lifeOf)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  );
  expect(await commandLine(['import', join(folder, 'life'), '--store', `sqlite:${whole}`])).toMatchObject({
    status: 0,
  });
  mkdirSync(dirname(killed));
  for (const end of ['', '.key', '.mark'])
    if (existsSync(whole + end)) copyFileSync(whole + end, killed + end);
  expect(await commandLine(closing(whole))).toMatchObject({ status: 0 });
  const expected = await shown(whole);
  expect([expected.closes, expected.findings]).toEqual([ACCOUNTS.length, []]);
  const reached: number[] = [];
  for (const bytes of [0, 50_000, 150_000, 300_000, 500_000]) {
    const isOver = await killedAt(killed, bytes);
    const { bills, closes, findings } = await shown(killed);
    reached.push(closes);
    expect(findings).toEqual([]);
    for (const [account, digest] of Object.entries(bills))
      expect([account, [null, expected.bills[account]].includes(digest)]).toEqual([account, true]);
    if (isOver) break;
  }
  console.info(`killed with ${reached.join(', ')} of ${ACCOUNTS.length} accounts closed`);
  // Some of it was killed before its end.
  expect(Math.min(...reached)).toBeLessThan(ACCOUNTS.length);
  expect(await commandLine(closing(killed))).toMatchObject({ status: 0 });
  expect(await shown(killed)).toEqual(expected);
  expect(await commandLine(['replay', '--all', '--store', `sqlite:${killed}`])).toMatchObject({ status: 0 });
});
