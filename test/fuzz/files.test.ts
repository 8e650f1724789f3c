/**
 * Bytes that mean harm, in every file that a command reads: import, load, bundle, price book, backup, key file and settings.
 * Each run ends, with an exit code of the command line and one clear line, never with a stack trace or as an internal error;
 * and all of them together take bounded memory.
 */
import { isUtf8 } from 'node:buffer';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { BadSetting } from '../../src/ledger/location.ts';
import { SETTINGS } from '../../src/serve/setting-names.ts';
import { readSettings } from '../../src/serve/settings.ts';
import { folderOfFile } from '../support/folder.ts';
import { runs } from '../support/proof.ts';
import { hostileBytes, REFUSAL_MAX, STACK } from './hostile-bytes.ts';

const BOOK = fileURLToPath(new URL('../../price-books/body-analysis-2019-01.json', import.meta.url));
const LIFE = [
  { at: '2019-01-01T00:00:00+08:00', command: 'open-account', account: 'acme', id: 'c1', name: 'Acme' },
  { at: '2019-01-01T00:00:00+08:00', command: 'activate-service', account: 'acme', id: 'c2', product: 'ocr' },
  {
    at: '2019-01-01T00:00:00+08:00',
    command: 'deposit',
    account: 'acme',
    id: 'c3',
    amount: '900',
    reference: 'w',
  },
  {
    ...{ at: '2019-01-02T00:00:00+08:00', command: 'buy-packs', account: 'acme', id: 'c4' },
    ...{ pool: 'ocr/id-card', size: 1000, quantity: 1 },
  },
  {
    ...{ specversion: '1.0', type: 'suanpan.usage', source: '/g', id: 'u1', subject: 'acme' },
    ...{ time: '2019-01-10T08:00:00+08:00', data: { interface: 'ocr/id-card', calls: 2100 } },
  },
  { at: '2019-02-01T04:00:00+08:00', command: 'close-month', account: 'acme', id: 'c5', month: '2019-01' },
]
  .map((line) => JSON.stringify(line))
  .join('\n');

interface Ran {
  readonly exit: number;
  readonly text: string;
}

/** Runs a command in this process and takes what it prints. */
const ran = async (...args: readonly string[]): Promise<Ran> => {
  let text = '';
  const stream = {
    write: (piece: string | Uint8Array) => {
      text += typeof piece === 'string' ? piece : Buffer.from(piece).toString('latin1');
      return true;
    },
    once: () => undefined,
  };
  const exit = await run(args, { stdout: stream, stderr: stream, now: () => performance.now() });
  return { exit, text };
};

/** Not how fast a command is: one that has not ended by then never ends. */
const HANGS_MS = 120_000;
/** What all runs of a kind add to the most memory this process ever had. A restored ledger has threads of its own. */
const MEMORY_MAX = 768 * 1024 * 1024;

const folder = folderOfFile();
const at = (name: string): string => join(folder(), name);
const store = (name: string): string => `sqlite:${at(name)}`;

beforeAll(async () => {
  writeFileSync(at('life.ndjson'), LIFE);
  expect(await ran('import', at('life.ndjson'), '--store', store('ledger.db'))).toMatchObject({ exit: 0 });
  for (const made of [
    ['export', at('export.ndjson')],
    ['bundle', 'acme', '2019-01', '-o', at('month.suanpan')],
    ['backup', at('backup.db')],
  ])
    expect((await ran(...made, '--store', store('ledger.db'))).exit, made.join(' ')).toBe(0);
});

interface Read {
  readonly what: string;
  readonly sample: () => Uint8Array;
  readonly command: (file: string, target: string) => readonly string[];
  /** Runs a second cost more for some: as a share of the others' count. */
  readonly share: number;
  /** Whether every run begins with a ledger of its own. */
  readonly isFresh: boolean;
}

const READS: readonly Read[] = [
  {
    what: 'import',
    sample: () => Buffer.from(LIFE),
    command: (file, target) => ['import', file, '--store', store(target)],
    share: 0.2,
    isFresh: false,
  },
  {
    what: 'load',
    sample: () => readFileSync(at('export.ndjson')),
    command: (file, target) => ['load', file, '--store', store(target)],
    share: 0.2,
    isFresh: true,
  },
  {
    what: 'bundle',
    sample: () => readFileSync(at('month.suanpan')),
    command: (file) => ['verify', file],
    share: 1,
    isFresh: true,
  },
  {
    what: 'price book',
    sample: () => readFileSync(BOOK),
    command: (file) => ['price-book', 'lint', file],
    share: 1,
    isFresh: true,
  },
  {
    what: 'backup',
    sample: () => readFileSync(at('backup.db')),
    command: (file, target) => ['restore', file, '--store', store(target)],
    share: 0.05,
    isFresh: true,
  },
  {
    what: 'key file',
    sample: () => readFileSync(at('ledger.db.key')),
    command: (file, target) => {
      for (const end of ['', '.key']) copyFileSync(at(`ledger.db${end}`), at(`${target}${end}`));
      copyFileSync(file, at(`${target}.key`));
      return ['bundle', 'acme', '2019-01', '-o', at(`${target}.bundle`), '--store', store(target)];
    },
    share: 0.05,
    isFresh: true,
  },
];

describe('files that a command reads', () => {
  test.each(READS)('$what', { timeout: 7_200_000 }, async ({ what, sample, command, share, isFresh }) => {
    const whole = sample();
    const text = isUtf8(whole) ? Buffer.from(whole).toString('utf8') : whole;
    let n = 0;
    const before = process.resourceUsage().maxRSS;
    await fc.assert(
      fc.asyncProperty(hostileBytes(text), async (bytes) => {
        n += 1;
        const target = join('target', 'ledger.db');
        if (isFresh || n === 1) rmSync(at('target'), { recursive: true, force: true });
        mkdirSync(at('target'), { recursive: true });
        writeFileSync(at('hostile'), bytes);
        const { exit, text: said } = await ran(...command(at('hostile'), target));
        expect([0, 1, 2], said).toContain(exit);
        expect(said).not.toMatch(STACK);
        expect(said).not.toContain('internal error');
        expect(said.length).toBeLessThan(REFUSAL_MAX);
        if (exit !== 0) expect(said.trim()).not.toBe('');
      }),
      {
        numRuns: runs(`hostile files: ${what}`, Math.ceil(40 * share), Math.ceil(20_000 * share)),
        seed: 17,
        timeout: HANGS_MS,
        endOnFailure: true,
      },
    );
    expect((process.resourceUsage().maxRSS - before) * 1024).toBeLessThan(MEMORY_MAX);
  });
});

test('settings', () => {
  const names = Object.values(SETTINGS).map(([name]) => name);
  const values = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
      '',
      '0',
      '-1',
      '1e400',
      'true',
      'manual',
      '1T04:00',
      '4T00:00',
      'memory:',
      'sqlite:',
      'esdb://',
    ),
    fc.constantFrom('2019-01-01T00:00:00Z', 'Asia/Shanghai', '../..', 'smtp://', 'a'.repeat(5_000), '\u202e'),
  );
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...names, 'SUANPAN_STOR', 'SUANPAN_'), values, { maxKeys: 4 }),
      (env) => {
        try {
          readSettings({}, env);
        } catch (error) {
          expect(error).toBeInstanceOf(BadSetting);
        }
      },
    ),
    { numRuns: runs('hostile settings', 500, 100_000), seed: 19 },
  );
});
