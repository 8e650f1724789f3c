/** A full disk is never a damaged ledger: whatever makes or opens one there says that the disk is full, and exits with 2. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandLine } from '../support/command-line.ts';
import { smallDisk, whyNot } from '../support/disks.ts';
import { temporaryFolder } from '../support/folder.ts';

const LIFE = { at: '2019-01-01T00:00:00+08:00', command: 'open-account', account: 'a', name: '' };

const trouble = whyNot('mount');
test.skipIf(trouble !== null).each(['load', 'copy', 'import', 'serve'])(
  `%s onto a full disk says so${trouble ?? ''}`,
  async (name) => {
    const folder = temporaryFolder();
    const [source, life, exported] = ['ledger.db', 'life', 'one.ndjson'].map((file) => join(folder, file));
    writeFileSync(`${life}`, JSON.stringify(LIFE));
    expect((await commandLine(['import', `${life}`, '--store', `sqlite:${source}`])).status).toBe(0);
    expect((await commandLine(['export', `${exported}`, '--store', `sqlite:${source}`])).status).toBe(0);
    const disk = smallDisk(1);
    mkdirSync(join(disk.folder, 'to'));
    disk.fill();
    const to = `sqlite:${join(disk.folder, 'to', 'ledger.db')}`;
    const words: Readonly<Record<string, string[]>> = {
      load: ['load', `${exported}`, '--store', to],
      copy: ['copy', `sqlite:${source}`, to],
      import: ['import', `${life}`, '--store', to],
      serve: ['serve', '--port', '0', '--store', to],
    };
    const { status, stderr } = await commandLine(words[name] ?? []);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^suanpan: [^\n]*the disk is full[^\n]*\n$/)]);
  },
);

test.skipIf(trouble !== null)(
  `what a command writes for others, on a full disk: it says so, and leaves nothing half${trouble ?? ''}`,
  async () => {
    const folder = temporaryFolder();
    const store = ['--store', `sqlite:${join(folder, 'ledger.db')}`];
    const life = [
      LIFE,
      { at: LIFE.at, command: 'activate-service', account: 'a', product: 'ocr' },
      { at: '2019-02-01T04:00:00+08:00', command: 'close-month', account: 'a', month: '2019-01' },
    ];
    writeFileSync(join(folder, 'life'), life.map((line) => `${JSON.stringify(line)}\n`).join(''));
    expect(await commandLine(['import', join(folder, 'life'), ...store])).toMatchObject({ status: 0 });
    expect(await commandLine(['checkpoint', 'sign', ...store])).toMatchObject({ status: 0 });
    const disk = smallDisk(1);
    mkdirSync(join(disk.folder, 'to'));
    disk.fill();
    const to = (name: string) => join(disk.folder, 'to', name);
    const writing = [
      ['export', to('export')],
      ['backup', to('backup')],
      ['bundle', 'a', '2019-01', '-o', to('bundle')],
    ];
    for (const words of writing) {
      const { status, stderr } = await commandLine([...words, ...store]);
      expect([words[0], status, stderr]).toEqual([
        words[0],
        2,
        expect.stringMatching(/^suanpan: [^\n]*(the disk is full|no space)[^\n]*\n$/),
      ]);
      expect([words[0], readdirSync(join(disk.folder, 'to'))]).toEqual([words[0], []]);
    }
    // With room again each does its work.
    disk.empty();
    for (const words of writing) expect(await commandLine([...words, ...store])).toMatchObject({ status: 0 });
  },
);
