/**
 * Verifying takes memory that does not grow with the file, and time linear in it, whatever the file is: files without end
 * come to an end, in a process with little memory; of twice as long a file the work, counted, is twice as much.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { linesOf, NotLines } from '../../src/audit/bundle/lines.ts';
import { growthOf } from '../support/blocks.ts';
import { folderOfFile } from '../support/folder.ts';
import { DOUBLED } from '../support/work.ts';
import { hostileBundles, partsOf } from './hostile-bundles.ts';
import { type Sample, sampleBundle } from './sample-bundles.ts';

const HEAP_MB = 256;
const folder = folderOfFile();
let sample: Sample | null = null;
let good = '';
let longer = '';
let short = '';

beforeAll(async () => {
  sample = await sampleBundle(400);
  good = join(folder(), 'good.bundle');
  writeFileSync(good, sample.bytes);
  short = join(folder(), 'short.bundle');
  writeFileSync(short, (await sampleBundle(1)).bytes);
  longer = join(folder(), 'longer.bundle');
  writeFileSync(longer, (await sampleBundle(800)).bytes);
});

test('files without end, and files with too much of something, are told apart from bundles in little memory', () => {
  const script = fileURLToPath(new URL('./verify-hostile.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`--max-old-space-size=${HEAP_MB}`, '--disable-warning=ExperimentalWarning', script, good, folder()],
    { encoding: 'utf8' },
  );
  expect([status, stderr.slice(0, 2_000)]).toEqual([0, '']);
  const told: { name: string; ok: boolean; findings: number; second: boolean | null }[] = JSON.parse(stdout);
  const names = Object.keys(hostileBundles(partsOf(sample?.bytes.toString() ?? '')));
  expect(told.map(({ name }) => name)).toEqual(names);
  for (const { name, ok, findings, second: isSecond } of told) {
    expect([name, ok, isSecond]).toEqual([name, false, false]);
    expect(findings, name).toBeGreaterThan(0);
  }
});

test.each(['first', 'second'])(
  'twice as many records are twice the work for the %s verifier',
  async (which) => {
    const verifiers = new URL('./counted-verifiers.ts', import.meta.url);
    const grown = await growthOf(verifiers, which, [[short], [good], [longer]]);
    expect(grown.blocks).toBeLessThan(DOUBLED);
    expect(grown.steps).toBeLessThan(DOUBLED);
  },
);

test.each([
  ['a byte', Buffer.from('{"part":"about"}\nab\xffc\n', 'latin1'), 'line 2, byte 3: not UTF-8'],
  ['a character cut in two', Buffer.from('{}\n{}\nx\xe7\xae\n', 'latin1'), 'line 3, byte 2: not UTF-8'],
  ['an end within a character', Buffer.from('{}\nxy\xe7\xae', 'latin1'), 'line 2, byte 3: not UTF-8'],
  ['a surrogate', Buffer.from('\xed\xa0\x80\n', 'latin1'), 'line 1, byte 1: not UTF-8'],
])('%s that is not UTF-8 is named by line and byte, whatever pieces it comes in', async (_, bytes, found) => {
  for (const size of [1, 2, 3, 5, 100]) {
    const cut = async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    };
    const read = async () => {
      for await (const _ of linesOf(cut()));
    };
    await expect(read()).rejects.toThrow(new NotLines(found));
  }
});

describe('the second verifier as a program', () => {
  const UNSAFE = /(?!\n)\p{Cc}|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
  const HOSTILE = 'x\u001b[2J\u009b1A\u202eb\r\nverified\u2066';
  const program = fileURLToPath(new URL('../../examples/verify-bundle.mjs', import.meta.url));
  const ran = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
    return { status, text: stdout + stderr };
  };

  test('shows nothing of what others wrote as it is, and says what is not there in one line', () => {
    const forged = join(folder(), 'forged.bundle');
    const text = sample?.bytes.toString() ?? '';
    writeFileSync(forged, text.replace('"account":"acme"', `"account":${JSON.stringify(HOSTILE)}`));
    const told = ran(forged);
    expect([told.status, UNSAFE.exec(told.text)]).toEqual([1, null]);
    expect(told.text).toContain('x\\u001b[2J\\u009b1A\\u202eb');
    expect(UNSAFE.exec(ran(forged, '--json').text)).toBeNull();
    for (const args of [[join(folder(), HOSTILE)], [folder()], [good, '--key', HOSTILE], []]) {
      const { status, text: said } = ran(...args);
      expect([args, status, UNSAFE.exec(said)]).toEqual([args, 2, null]);
      expect(said.trim().split('\n')).toHaveLength(1);
    }
  });
});
