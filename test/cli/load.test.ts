/**
 * A ledger exported and loaded elsewhere, as real files: every hash is kept, every kind of damage is refused with the event
 * it is seen at, and a refused file leaves nothing behind. One goes through a pipe, into a program of its own.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hexOf } from '../../src/integrity/seal-events.ts';
import { openForReading } from '../../src/ledger/open.ts';
import { parsedCsv, recordsOf } from '../export/parsed-csv.ts';
import { commandLine, type Ran } from '../support/command-line.ts';
import { temporaryFolder } from '../support/folder.ts';

const MAIN = fileURLToPath(new URL('../../bin/suanpan.js', import.meta.url));
const piped = (args: readonly string[], input: string) => {
  const { status } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', input });
  return { status };
};
/** Runs a command; where there is an input, a file that holds it stands in the place of `-`. */
const suanpan = (args: readonly string[], input?: string): Promise<Ran> => {
  if (input === undefined) return commandLine(args);
  const file = join(temporaryFolder(), 'input.ndjson');
  writeFileSync(file, input);
  return commandLine(args.map((arg) => (arg === '-' ? file : arg)));
};

let folder: string;
let store: string;
let file: string;
/** The lines of the file, the one that ends it among them. */
let whole: string[];
/** The same as an earlier release wrote them: nothing says where they end. */
let lines: string[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'suanpan-load-'));
  store = `sqlite:${join(folder, 'ledger.db')}`;
  file = join(folder, 'ledger.ndjson');
  const made = await suanpan(['demo', '--exit', '--accounts', '6', '--records', '3000', '--store', store]);
  expect(made.status, made.stderr).toBe(0);
  expect((await suanpan(['export', file, '--store', store])).status).toBe(0);
  whole = readFileSync(file, 'utf8').trimEnd().split('\n');
  lines = whole.slice(0, -1).with(0, (whole[0] ?? '').replace('"ends":"sha256",', ''));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What `import` would take for line ends, written as JSON may write it. */
const escaped = (json: string): string =>
  json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');

const headsOf = async (address: string): Promise<Record<string, string>> => {
  const opened = await openForReading(address);
  try {
    const heads: Record<string, string> = {};
    for (const stream of await opened.streams({ after: null, prefix: '', limit: 10_000 })) {
      const { length, hash } = await opened.head(stream);
      heads[stream] = `${length} ${hexOf(hash)}`;
    }
    return heads;
  } finally {
    await opened.close();
  }
};

describe('an exported ledger', async () => {
  test('loads with every head, bill and byte as it was, replays, and goes on', async () => {
    const target = join(temporaryFolder(), 'deep', 'copy.db');
    const address = `sqlite:${target}`;
    const loaded = await suanpan(['load', file, '--store', address, '--json']);
    expect(loaded.status, loaded.stderr).toBe(0);
    expect(JSON.parse(loaded.stdout)).toMatchObject({ ok: true, events: lines.length });
    const heads = await headsOf(store);
    expect(Object.keys(heads).length).toBeGreaterThan(10);
    expect(await headsOf(address)).toEqual(heads);
    for (const kind of ['events', 'bills', 'usage', 'focus'])
      expect((await suanpan(['export', '-', '--as', kind, '--store', address])).stdout).toBe(
        (await suanpan(['export', '-', '--as', kind, '--store', store])).stdout,
      );
    expect(await suanpan(['replay', '--all', '--store', address])).toMatchObject({ status: 0 });
    expect(await suanpan(['verify', '--store', address])).toMatchObject({ status: 0 });
    // Secrets stay encrypted under the key that the ledger was written with: it is taken along.
    copyFileSync(join(folder, 'ledger.db.key'), `${target}.key`);
    const commands = { at: '2031-01-01T00:00:00+08:00', command: 'open-account', account: 'new', id: 'n' };
    expect((await suanpan(['import', '-', '--store', address], JSON.stringify(commands))).stdout).toContain(
      '1 done',
    );
    expect(await suanpan(['load', file, '--store', address])).toMatchObject({ status: 2, stdout: '' });
  });

  test('loads from standard input, and over what another ledger left there', () => {
    const there = temporaryFolder();
    writeFileSync(join(there, 'l.db-wal'), 'left behind');
    writeFileSync(join(there, 'l.db.views'), 'left behind');
    const loaded = piped(
      ['load', '-', '--store', `sqlite:${join(there, 'l.db')}`],
      readFileSync(file, 'utf8'),
    );
    expect(loaded).toMatchObject({ status: 0 });
    expect(readdirSync(there)).toEqual(['l.db']);
  });

  test('whose texts hold every awkward character keeps its hashes', async () => {
    const there = temporaryFolder();
    const from = `sqlite:${join(there, 'from.db')}`;
    const at = '2019-01-01T00:00:00+08:00';
    const odd = ' "\\\u2028\u2029\u0000é\u{1f600}\ufeff\r\n\t=';
    const life = [
      { at, command: 'open-account', account: 'a', id: '1', name: odd },
      { at, command: 'activate-service', account: 'a', id: '2', product: 'face-recognition' },
      { at, command: 'deposit', account: 'a', id: '3', amount: '1', reference: odd },
      {
        ...{
          specversion: '1.0',
          type: 'suanpan.usage',
          source: odd,
          id: `${odd}\ud800`,
          subject: 'a',
          time: at,
        },
        data: { interface: 'face-recognition/compare', calls: 1 },
      },
    ];
    const imported = await suanpan(
      ['import', '-', '--store', from, '--json'],
      life.map((one) => escaped(JSON.stringify(one))).join('\n'),
    );
    expect(JSON.parse(imported.stdout)).toMatchObject({ commands: { done: 3 }, usage: { accepted: 1 } });
    const text = (await suanpan(['export', '-', '--store', from])).stdout;
    expect((await suanpan(['load', '-', '--store', `sqlite:${join(there, 'to.db')}`], text)).status).toBe(0);
    expect((await suanpan(['export', '-', '--store', `sqlite:${join(there, 'to.db')}`])).stdout).toBe(text);
  });
});

/** An account's stream with its lines' numbers (from 1), and one in its middle. */
const streamInFile = () => {
  const numbers = lines.flatMap((line, i) => (line.includes('"stream":"account-demo-01"') ? [i + 1] : []));
  const middle = numbers[Math.floor(numbers.length / 2)] ?? 0;
  const { stream, revision } = JSON.parse(lines[middle - 1] ?? '');
  return { numbers, middle, stream, revision };
};
const swapped = (all: readonly string[], a: number, b: number): string[] => {
  const next = [...all];
  [next[a], next[b]] = [next[b] ?? '', next[a] ?? ''];
  return next;
};
/** Lines counted anew: what somebody who knows of positions would do. */
const renumbered = (all: readonly string[]): string[] =>
  all.map((line, i) => line.replace(/^\{"position":"\d+"/, `{"position":"${i + 1}"`));

/** Without the last event of an account. */
const withoutLast = (): string[] => lines.toSpliced((streamInFile().numbers.at(-1) ?? 0) - 1, 1);

const refused = async (content: string | Buffer) => {
  const there = temporaryFolder();
  const broken = join(there, 'broken.ndjson');
  writeFileSync(broken, content);
  const target = join(there, 'ledger.db');
  const { status, stdout, stderr } = await suanpan(['load', broken, '--store', `sqlite:${target}`, '--json']);
  expect([status, stderr]).toEqual([1, '']);
  expect(readdirSync(there)).toEqual(['broken.ndjson']);
  return JSON.parse(stdout);
};

describe('is refused with the event that differs, and leaves nothing behind:', async () => {
  test('a changed byte of data', async () => {
    const { middle, stream, revision } = streamInFile();
    const line = lines[middle - 1] ?? '';
    const at = line.indexOf('"data":{') + 10;
    const changed = `${line.slice(0, at)}${line[at] === 'x' ? 'y' : 'x'}${line.slice(at + 1)}`;
    expect(await refused(lines.with(middle - 1, changed).join('\n'))).toMatchObject({
      line: middle,
      stream,
      revision,
      what: 'hash',
    });
  });

  test('a changed amount, header, record, or hash', async () => {
    const all = lines.join('\n');
    const changes: [RegExp, string][] = [
      [/"amount":"(\d)/, '"amount":"9$1'],
      [/"type":"FundsDeposited"/, '"type":"CreditGranted"'],
      [/"records":\[\[0,"./, '"records":[[0,"Z'],
      [/"records":\[\[.*?\],/, '"records":['],
      [/"hash":"(.)/, '"hash":"g'],
    ];
    for (const [what, to] of changes) {
      expect(all).toMatch(what);
      const told = await refused(all.replace(what, to));
      expect(told.what, String(what)).toBe('hash');
      expect(told.stream).toBe(JSON.parse(lines[told.line - 1] ?? '').stream);
    }
  });

  test('a missing line, also when the lines are counted anew', async () => {
    const { middle, numbers, stream, revision } = streamInFile();
    const without = lines.toSpliced(middle - 1, 1);
    expect((await refused(without.join('\n'))).line).toBe(middle);
    const next = numbers.find((number) => number > middle) ?? 0;
    expect(await refused(renumbered(without).join('\n'))).toMatchObject({
      ...{ line: next - 1, stream, revision: revision + 1, what: 'revision' },
      expected: String(revision),
    });
  });

  test('swapped lines: of one stream by its revisions, of two by the order of the ledger', async () => {
    const { numbers } = streamInFile();
    const [a = 0, b = 0] = numbers.slice(-2);
    expect(await refused(swapped(lines, a - 1, b - 1).join('\n'))).toMatchObject({
      line: a,
      what: 'revision',
    });
    const other = lines.findIndex(
      (line, i) =>
        i > 0 &&
        JSON.parse(line).stream !== JSON.parse(lines[i - 1] ?? '').stream &&
        JSON.parse(line).revision === 0,
    );
    expect(await refused(swapped(lines, other - 1, other).join('\n'))).toMatchObject({
      line: other,
      what: 'position',
    });
  });

  test('a line twice, and an event of another ledger', async () => {
    const { middle, stream } = streamInFile();
    const twice = lines.toSpliced(middle, 0, lines[middle - 1] ?? '');
    expect(await refused(twice.join('\n'))).toMatchObject({ line: middle + 1, stream, what: 'revision' });
    const foreign = (lines[middle - 1] ?? '').replace('account-demo-01', 'account-demo-02');
    expect((await refused(lines.with(middle - 1, foreign).join('\n'))).stream).toBe('account-demo-02');
  });

  test('the cut end of a stream, by the gap in the order of the ledger, else by the log of checkpoints', async () => {
    const last = streamInFile().numbers.at(-1) ?? 0;
    expect(last).toBeLessThan(lines.length);
    expect(await refused(withoutLast().join('\n'))).toMatchObject({ line: last, what: 'position' });
    const { stream, revision } = JSON.parse(lines[last - 1] ?? '');
    const told = await refused(renumbered(withoutLast()).join('\n'));
    expect(told).toMatchObject({ stream, revision });
    expect(told.what).toContain('checkpoints');
  });

  test('a line cut short, no JSON, no UTF-8, another shape, nothing at all', async () => {
    const cut = lines.join('\n').slice(0, -20);
    expect(await refused(cut)).toMatchObject({ line: lines.length, what: 'line' });
    expect(await refused(`${lines[0]}\n\n${lines[1]}`)).toMatchObject({ line: 2, what: 'line' });
    expect(await refused('[1]')).toMatchObject({ line: 1 });
    expect(await refused((lines[0] ?? '').replace('{', '{"more":1,'))).toMatchObject({
      line: 1,
      stream: 'catalogue',
      revision: 0,
    });
    const broken = Buffer.concat([Buffer.from(`${lines[0]}\nab`), Buffer.from([0xff, 0xfe])]);
    expect(await refused(broken)).toMatchObject({ line: 2, what: 'byte 3', expected: 'UTF-8' });
    expect(await refused('')).toMatchObject({ line: 1, what: 'file' });
    expect(await refused(renumbered(lines.slice(1)).join('\n'))).toMatchObject({ ok: false });
  });
});

describe('a file that says how much it holds', async () => {
  test('is refused when it is cut off anywhere, or has more', async () => {
    const middle = Math.floor(whole.length / 2);
    for (const end of [1, middle, whole.length - 1])
      expect(await refused(whole.slice(0, end).join('\n'))).toMatchObject({
        what: 'end',
        found: 'nothing: it was cut off',
      });
    expect(await refused(whole.toSpliced(-2, 1).join('\n'))).toMatchObject({
      what: 'end',
      line: whole.length - 1,
    });
    expect(await refused([...whole, whole.at(-1)].join('\n'))).toMatchObject({ what: 'end' });
    expect(await refused(`${whole.join('\n').slice(0, -3)}`)).toMatchObject({ what: 'end' });
  });

  test('is refused when it was altered where no seal shows it', async () => {
    const spaced = whole.with(0, (whole[0] ?? '').replace(/\}$/, ' }'));
    expect(await refused(spaced.join('\n'))).toMatchObject({
      what: 'end',
      expected: expect.stringMatching(/SHA-256/),
    });
    expect(await refused([...lines, whole.at(-1)].join('\n'))).toMatchObject({ what: 'end' });
  });

  test('is loaded with line ends of another system; one of an earlier release with a warning', async () => {
    const load = (text: string) =>
      suanpan(['load', '-', '--store', `sqlite:${join(temporaryFolder(), 'l.db')}`], text);
    expect(await load(whole.join('\r\n'))).toMatchObject({ status: 0, stderr: '' });
    const { status, stderr } = await load(lines.join('\n'));
    expect([status, stderr]).toEqual([0, expect.stringContaining('does not say how much it holds')]);
  });
});

test('a cut end that nothing in the file shows loads: heads and checkpoints kept elsewhere show it', async () => {
  const there = temporaryFolder();
  const [one, other] = [`sqlite:${join(there, 'one.db')}`, `sqlite:${join(there, 'other.db')}`];
  const heads = await headsOf(store);
  // The end of the file; and the end of a stream, without the log of checkpoints and with the lines counted anew.
  expect((await suanpan(['load', '-', '--store', one], lines.slice(0, -1).join('\n'))).status).toBe(0);
  expect(await headsOf(one)).not.toEqual(heads);
  const cut = withoutLast().filter((line) => JSON.parse(line).stream !== 'checkpoints');
  expect((await suanpan(['load', '-', '--store', other], renumbered(cut).join('\n'))).status).toBe(0);
  expect((await headsOf(other))['account-demo-01']).not.toEqual(heads['account-demo-01']);
});

describe('wrong use is one line and exit 2', async () => {
  test.each([
    [['load', '/nowhere'], 'cannot be read'],
    [['load', '.'], 'cannot be read'],
    [['export', '-', '--as', 'novel'], 'not a valid choice'],
    [['export', '-', '--as', 'constructor'], 'not a valid choice'],
    [['export', '-', '--as', 'statement'], 'needs --account'],
    [['export', '-', '--as', 'bills', '--account', 'nobody'], 'account_unknown'],
    [['export', '-', '--as', 'usage', '--by', 'year'], 'not a valid choice'],
    [['export', '-', '--as', 'usage', '--month', '2019'], 'not a valid month'],
    [['export', '-', '--month', '2019-01'], 'exported whole'],
    [['export', '/nowhere/at/all', '--as', 'bills'], 'cannot be written'],
  ])('%j', async (args, message) => {
    const copy = `sqlite:${join(temporaryFolder(), 'none.db')}`;
    const result = await suanpan([...args, '--store', args[0] === 'load' ? copy : store]);
    expect(result.status).toBe(2);
    expect(result.stderr).toContain(message);
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
  });
});

test('exports to files: a statement, bills of a month, usage by record', async () => {
  const there = temporaryFolder();
  const to = async (name: string, ...args: string[]) => {
    const { status, stdout } = await suanpan([
      'export',
      join(there, name),
      '--json',
      '--store',
      store,
      ...args,
    ]);
    expect([status, JSON.parse(stdout).file]).toEqual([0, join(there, name)]);
    return readFileSync(join(there, name), 'utf8');
  };
  const statement = recordsOf(
    await to('s.csv', '--as', 'statement', '--account', 'demo-01', '--from', '2019-02', '--to', '2019-04'),
  );
  expect(statement[0]).toMatchObject({
    part: 'balance',
    kind: 'opening',
    at: '2019-02-01T00:00:00.000+08:00',
  });
  const bills = recordsOf(await to('b.csv', '--as', 'bills', '--month', '2019-02'));
  expect(new Set(bills.map(({ month }) => month))).toEqual(new Set(['2019-02']));
  expect(new Set(bills.map(({ account }) => account)).size).toBeGreaterThan(1);
  expect(parsedCsv(await to('u.csv', '--as', 'usage', '--by', 'record')).length).toBeGreaterThan(2_000);
  const one = (await to('e.ndjson', '--account', 'demo-01')).trimEnd().split('\n');
  expect(one).toEqual(lines.filter((line) => JSON.parse(line).stream === 'account-demo-01'));
  const json = await suanpan([
    'export',
    '-',
    '--as',
    'statement',
    '--account',
    'demo-01',
    '--json',
    '--store',
    store,
  ]);
  expect(JSON.parse(json.stdout)).toMatchObject({ account: 'demo-01', currency: 'CNY' });
});
