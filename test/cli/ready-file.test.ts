/** A ready file is the file of the server that wrote it: a start that is refused leaves it, and another file, alone. */
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openLedgerAt } from '../../src/ledger/open.ts';
import { announceReady } from '../../src/serve/ready-file.ts';
import { commandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/folder.ts';

const RUNNING = 'http://127.0.0.1:1\n';
const text = (path: string): string => readFileSync(path, 'utf8');
const SERVE = ['serve', '--log', 'silent', '--port'];

/** Starts a server that is refused; its one line. */
const refused = async (...args: string[]): Promise<string> => {
  const { status, stdout, stderr } = await commandLine(args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^suanpan: .+\n$/);
  return stderr;
};

describe('a start that is refused', () => {
  test('as the address is in use, leaves the file of the running server', async () => {
    const file = join(temporaryFolder(), 'ready');
    writeFileSync(file, RUNNING);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    expect(await refused(...SERVE, port, '--store', 'memory:', '--ready-file', file)).toContain('in use');
    expect(text(file)).toBe(RUNNING);
  });

  test('as another process has the ledger open, leaves the file of the running server', async () => {
    const folder = temporaryFolder();
    const store = `sqlite:${join(folder, 'ledger.db')}`;
    const ledger = await openLedgerAt({ store, clock: 'real', books: [] });
    onTestFinished(() => ledger.close());
    const file = join(folder, 'ready');
    writeFileSync(file, RUNNING);
    expect(await refused(...SERVE, '0', '--store', store, '--ready-file', file)).toContain(
      'this ledger open',
    );
    expect(text(file)).toBe(RUNNING);
  });
});

describe('before anything is opened', () => {
  test.each(['notes\n', 'https://example.org/\n', `${RUNNING}${RUNNING}`, '\n', 'x'.repeat(10_000)])(
    'another file is refused, and stays: %j',
    async (content) => {
      const folder = temporaryFolder();
      const file = join(folder, 'notes.txt');
      writeFileSync(file, content);
      const store = `sqlite:${join(folder, 'ledger.db')}`;
      expect(await refused(...SERVE, '0', '--store', store, '--ready-file', file)).toContain(
        `SUANPAN_READY_FILE (--ready-file): ${file} is there already and is not a ready file`,
      );
      expect([text(file), readdirSync(folder)]).toEqual([content, ['notes.txt']]);
    },
  );

  test('a file that could not be written is refused', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'inner'));
    writeFileSync(join(folder, 'file'), RUNNING);
    const store = `sqlite:${join(folder, 'ledger.db')}`;
    for (const [name, why] of [
      ['inner', 'it is a folder'],
      ['missing/ready', `there is no folder ${join(folder, 'missing')}`],
      ['file/ready', 'a part of its path is a file'],
    ] as const) {
      const said = await refused(...SERVE, '0', '--store', store, '--ready-file', join(folder, name));
      expect(said).toBe(`suanpan: ${join(folder, name)} cannot be written: ${why}\n`);
    }
    expect(readdirSync(folder).sort()).toEqual(['file', 'inner']);
  });
});

describe('a server that has started', () => {
  const announced = (path: string, notReady: () => string | null) => {
    const errors: unknown[] = [];
    const withdraw = announceReady({
      ...{ path, address: 'http://127.0.0.1:2', notReady },
      log: (error) => errors.push(error),
    });
    return { withdraw, errors };
  };

  test('takes away what was left behind, and writes its address when it is ready', async () => {
    const file = join(temporaryFolder(), 'ready');
    writeFileSync(file, RUNNING);
    let why: string | null = 'views are behind';
    const { withdraw, errors } = announced(file, () => why);
    expect(existsSync(file)).toBe(false);
    why = null;
    await expect.poll(() => existsSync(file)).toBe(true);
    expect(text(file)).toBe('http://127.0.0.1:2\n');
    await withdraw();
    expect([existsSync(file), errors]).toEqual([false, []]);
  });

  test('removes the file at its end only while it is its own', async () => {
    const file = join(temporaryFolder(), 'ready');
    const { withdraw, errors } = announced(file, () => null);
    await expect.poll(() => existsSync(file)).toBe(true);
    writeFileSync(file, RUNNING);
    await withdraw();
    expect([text(file), errors]).toEqual([RUNNING, []]);
  });

  test('that never was ready removes nothing', async () => {
    const file = join(temporaryFolder(), 'ready');
    const { withdraw } = announced(file, () => 'the engine does not answer');
    writeFileSync(file, RUNNING);
    await withdraw();
    expect(text(file)).toBe(RUNNING);
  });
});
