/** Files that are written whole or not at all, for their owner alone, over another one only when asked. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { appendDurably } from '../../src/files/append.ts';
import { makePrivateFolder } from '../../src/files/folder.ts';
import { writeSmallFile } from '../../src/files/small-file.ts';
import { FileExists, FileUnwritable, openWholeFile, writeWhole } from '../../src/files/whole-file.ts';
import { smallDisk, whyNot } from '../support/disks.ts';
import { temporaryFolder } from '../support/folder.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o777;
const usual = process.umask();
afterEach(() => void process.umask(usual));

async function* failing(): AsyncGenerator<string> {
  yield 'a beginning';
  throw new Error('the source broke');
}

describe('a whole file', () => {
  test('is at its place when it is finished, and nothing else is beside it', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'out.ndjson');
    const file = await openWholeFile(path);
    await file.write('one\n');
    expect(existsSync(path)).toBe(false);
    await file.write(Buffer.from('two 二\n'));
    await file.finish();
    await file.abandon();
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo 二\n');
    expect(readdirSync(folder)).toEqual(['out.ndjson']);
  });

  test('of many pieces holds them all, and answers with its size', async () => {
    const path = join(temporaryFolder(), 'many');
    const pieces = Array.from({ length: 3_000 }, (_, i) => `${i} ${'x'.repeat(300)}\n`);
    expect(await writeWhole(path, pieces)).toBe(Buffer.byteLength(pieces.join('')));
    expect(readFileSync(path, 'utf8')).toBe(pieces.join(''));
  });

  test.each([false, true])(
    'whose pieces fail leaves the folder as it was (overwrite: %s)',
    async (overwrite) => {
      const folder = temporaryFolder();
      const path = join(folder, 'kept');
      if (overwrite) writeFileSync(path, 'before');
      await expect(writeWhole(path, failing(), { overwrite })).rejects.toThrow('the source broke');
      expect(readdirSync(folder)).toEqual(overwrite ? ['kept'] : []);
      if (overwrite) expect(readFileSync(path, 'utf8')).toBe('before');
    },
  );

  test('is refused where there is a file, also one that came while it was written', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'there');
    const file = await openWholeFile(path);
    await file.write('mine');
    writeFileSync(path, 'yours');
    await expect(file.finish()).rejects.toThrow(FileExists);
    await expect(openWholeFile(path)).rejects.toThrow(FileExists);
    expect(readFileSync(path, 'utf8')).toBe('yours');
    expect(readdirSync(folder)).toEqual(['there']);
  });

  test('writes over a file when told, through a link too', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'real'), 'before', { mode: 0o644 });
    symlinkSync('real', join(folder, 'link'));
    await writeWhole(join(folder, 'link'), 'after', { overwrite: true });
    expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('after');
    expect(modeOf(join(folder, 'real'))).toBe(0o600);
  });

  test.each([0o000, 0o022])('is for its owner alone with umask %i', async (umask) => {
    process.umask(umask);
    const folder = join(temporaryFolder(), 'a', 'b');
    makePrivateFolder(folder);
    const file = await openWholeFile(join(folder, 'whole'));
    await file.write('secret');
    expect(readdirSync(folder).map((name) => modeOf(join(folder, name)))).toEqual([0o600]);
    await file.finish();
    writeSmallFile(join(folder, 'small'), 'secret');
    appendDurably(join(folder, 'appended'), 'secret');
    for (const name of ['whole', 'small', 'appended']) expect(modeOf(join(folder, name)), name).toBe(0o600);
    expect([modeOf(folder), modeOf(join(folder, '..'))]).toEqual([0o700, 0o700]);
  });

  test('that cannot be made says why, in one line', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'file'), '');
    await expect(writeWhole(join(folder, 'sub'), '')).rejects.toThrow(
      /sub cannot be written: it is a folder/,
    );
    await expect(writeWhole(join(folder, 'no', 'x'), '')).rejects.toThrow(/there is no folder .*no$/);
    await expect(writeWhole(join(folder, 'file', 'x'), '')).rejects.toThrow(FileUnwritable);
  });

  test('goes to a device as it comes', async () => {
    expect(await writeWhole('/dev/null', 'gone')).toBe(4);
  });

  test('leaves nothing at its place when its process is killed; what is left goes an hour later', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'ledger.ndjson');
    const script = fileURLToPath(new URL('./killed-writer.ts', import.meta.url));
    const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const [left = '', ...more] = readdirSync(folder);
    expect([left, more]).toEqual([expect.stringMatching(/^ledger\.ndjson\.part-\d+-[0-9a-f]{8}$/), []]);
    await writeWhole(path, 'one', { overwrite: true });
    expect(readdirSync(folder).sort()).toEqual(['ledger.ndjson', left]);
    const before = new Date(Date.now() - 2 * 3_600_000);
    utimesSync(join(folder, left), before, before);
    await writeWhole(path, 'two', { overwrite: true });
    expect(readdirSync(folder)).toEqual(['ledger.ndjson']);
  });

  const trouble = whyNot('mount');
  test.skipIf(trouble !== null)(`on a full disk is not there, and says so${trouble ?? ''}`, async () => {
    const disk = smallDisk(1);
    disk.fill();
    const path = join(disk.folder, 'export');
    await expect(writeWhole(path, 'x'.repeat(600_000))).rejects.toThrow('the disk is full');
    expect(readdirSync(disk.folder)).toEqual(['filler']);
  });
});

describe('a small file', () => {
  test('is whole, and replaced only when told', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'small');
    writeSmallFile(path, 'one');
    expect(() => writeSmallFile(path, 'two')).toThrow(FileExists);
    expect(readFileSync(path, 'utf8')).toBe('one');
    writeSmallFile(path, 'two', { overwrite: true });
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(readdirSync(folder)).toEqual(['small']);
  });
});
