/** When commands of the command line happen, on ledgers that live by either clock. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { instantText } from '../../src/domain/calendar.ts';
import { openForReading, openLedgerAt } from '../../src/ledger/open.ts';
import { chooseClock, testNow } from '../../src/ledger/system/clock-choice.ts';
import { commandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/folder.ts';

const FUTURE = '2999-01-01T00:00:00Z';

const suanpan = (store: string, ...args: readonly string[]) =>
  commandLine(args, { env: { SUANPAN_STORE: store } });

/** A ledger that uses a clock, with an account that was opened in May 2020. */
const ledgerOn = async (clock: 'system' | 'test') => {
  const folder = temporaryFolder();
  const store = `sqlite:${join(folder, 'ledger.db')}`;
  const ledger = await openLedgerAt({ store, clock: 'driven' });
  await ledger.execute('a1', { name: 'open-account', body: { name: 'A' } }, Date.UTC(2020, 4, 10), null);
  await chooseClock(ledger.store, clock, Date.now());
  const length = (await ledger.store.head('account-a1')).length;
  await ledger.close();
  return { folder, store, length };
};

const lengthOf = async (store: string): Promise<number> => {
  const opened = await openForReading(store);
  try {
    return (await opened.head('account-a1')).length;
  } finally {
    await opened.close();
  }
};

const fileOf = (folder: string, ...lines: readonly object[]): string => {
  const path = join(folder, 'life.ndjson');
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return path;
};

const deposit = (at: string) => ({
  ...{ at, command: 'deposit', account: 'a1', id: at, amount: '1', reference: at },
});

test("what lies in the future of the system's clock is refused, and nothing happens", async () => {
  const { folder, store, length } = await ledgerOn('system');
  const book = fileURLToPath(new URL('../../price-books/ocr-2020-01.json', import.meta.url));
  for (const args of [
    ['close-month', '2020-05', '--at', FUTURE],
    ['dispute', 'open', 'a1', '2020-05', '--reason', 'r', '--at', FUTURE],
    ['price-book', 'publish', book, '--at', FUTURE],
  ]) {
    const { status, stderr } = await suanpan(store, ...args);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^suanpan: --at: 2999-.* is in the future/)]);
  }
  const { status, stdout } = await suanpan(store, 'import', fileOf(folder, deposit(FUTURE)), '--json');
  expect([status, JSON.parse(stdout).problems]).toEqual([
    0,
    [expect.objectContaining({ code: 'in_the_future' })],
  ]);
  expect(await lengthOf(store)).toBe(length);
});

test('on a test clock commands happen when it stands, and an import moves it on', async () => {
  const { folder, store } = await ledgerOn('test');
  expect(await suanpan(store, 'close-month', '2020-05')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('give the instant with --at'),
  });
  expect((await suanpan(store, 'import', fileOf(folder, deposit('2020-06-01T05:00:00+08:00')))).status).toBe(
    0,
  );
  const opened = await openForReading(store);
  expect(await testNow(opened)).toBe(instantText(Date.UTC(2020, 4, 31, 21)));
  await opened.close();
  const { stdout } = await suanpan(store, 'close-month', '2020-05', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ closed: 1, refused: [] });
  expect((await suanpan(store, 'close-month', '2020-06', '--json')).stdout).toContain('month_not_over');
});
