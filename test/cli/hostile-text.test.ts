/**
 * Text of others on the terminal: every command of the table is run over a ledger and files in which every free text holds
 * control and bidirectional characters. Nothing of them arrives as it is, and JSON stays JSON.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { canonicalJson } from '../../src/domain/canonical.ts';
import { sha256 } from '../../src/integrity/sha256.ts';
import { openLedgerAt } from '../../src/ledger/open.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { appendSystem } from '../../src/ledger/system/streams.ts';
import { commandLine } from '../support/command-line.ts';
import { folderOfFile } from '../support/folder.ts';
import { instant } from '../support/given.ts';

/** Erases the screen, moves the cursor, turns the text around, ends the line, in 7 and 8 bits. */
const HOSTILE = 'x\u001b[2J\u009b1A\u0007\u007f\u202egnp.\u2066\u200fexe\u061c\r\nverified\u0085';
/** What must not reach a terminal: controls but the line feed, and what turns text around. */
const UNSAFE = /(?!\n)\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
/** What the program itself sends to a terminal: colours, and the line of progress. */
const ESCAPE = String.fromCharCode(0x1b);
const OWN = new RegExp(`${ESCAPE}\\[\\d+m|\\r${ESCAPE}\\[K`, 'g');

const folder = folderOfFile();
const at = (name: string): string => join(folder(), name);
const store = (): string => `sqlite:${at('ledger.db')}`;
const H = HOSTILE;
const AT = '2019-01-01T00:00:00+08:00';
const METER = 'face-recognition/compare';

beforeAll(async () => {
  const ledger = await openLedgerAt({ store: store(), clock: 'driven', books: shippedPriceBooks });
  const [product] = ledger
    .catalogue()
    .published.flatMap(({ book }) => (book.product === 'face-recognition' ? [book] : []));
  // A book of before there were rules for names: put where it would be.
  const names = { zh: H, en: H };
  const book = { ...product, edition: '2019-02', effectiveFrom: '2019-02', name: names, source: H };
  const meters = product?.meters.map((meter) => ({ ...meter, name: names }));
  const named = JSON.parse(JSON.stringify({ ...book, meters }));
  const published = { digest: sha256(canonicalJson(named)), book: named };
  await appendSystem(
    ledger.store,
    'catalogue',
    'PriceBookPublished',
    instant(AT),
    new Date(instant(AT)).toISOString(),
    async () => [published],
  );
  await ledger.close();
  const again = await openLedgerAt({ store: store(), clock: 'driven' });
  const run = async (when: string, name: string, body: object) => {
    const command = { name, body } as Parameters<typeof again.execute>[1];
    const mark = { key: `${name} ${when} ${H}`, hash: name, actor: H, reason: H };
    const answer = await again.execute('acme', command, instant(when), mark);
    expect([name, answer.outcome], JSON.stringify(answer)).toEqual([name, 'done']);
  };
  await run(AT, 'open-account', { name: H });
  await run(AT, 'activate-service', { product: 'face-recognition' });
  await run(AT, 'deposit', { amount: '20000.00', reference: H });
  await run(AT, 'buy-packs', { pool: METER, size: 1_000_000, quantity: 1 });
  const record = { source: H, id: H, interface: METER, time: instant(AT), calls: 1_500_000, submitted: null };
  await again.meter('acme', [record], instant(AT));
  await again.logRefused(
    [{ account: 'acme', code: 'invalid_record', detail: H, came: { json: { id: H } } }],
    instant(AT),
  );
  await run(AT, 'correct-usage', { source: H, record: H, calls: 1_400_000, reason: H });
  await run('2019-01-05T00:00:00+08:00', 'suspend', { reason: 'prohibited', note: H });
  await run('2019-01-06T00:00:00+08:00', 'lift-suspension', { reason: 'prohibited' });
  await run('2019-01-07T00:00:00+08:00', 'credit', { amount: '1.00', reference: H, reason: H, pack: null });
  await run('2019-02-01T04:00:00+08:00', 'close-month', { month: '2019-01' });
  const dispute = { month: '2019-01', meter: null, reason: H, by: H };
  await run('2019-02-02T00:00:00+08:00', 'open-dispute', dispute);
  await again.close();
  await commandLine(['keys', 'create', '--store', store(), '--name', H]);
  writeFileSync(at('hostile.ndjson'), importLines());
  writeFileSync(at('hostile-book.json'), JSON.stringify({ [H]: H, product: H }));
  writeFileSync(at('hostile.txt'), `${H}\n${H}\n`);
  await commandLine([
    'bundle',
    'acme',
    '2019-01',
    '-o',
    at('good.bundle'),
    '--with-name',
    '--store',
    store(),
  ]);
  const good = readFileSync(at('good.bundle'), 'utf8');
  writeFileSync(at('forged.bundle'), good.replace('"account":"acme"', `"account":${JSON.stringify(H)}`));
  writeFileSync(
    at('renamed.bundle'),
    good.replace('"ledger":"', `"ledger":${JSON.stringify(`${H}`).slice(0, -1)}`),
  );
  await commandLine(['export', at('events.ndjson'), '--store', store()]);
  const events = readFileSync(at('events.ndjson'), 'utf8');
  writeFileSync(at('forged.ndjson'), events.replace('"zone":"Asia/Shanghai"', `"zone":${JSON.stringify(H)}`));
});

const importLines = (): string =>
  [
    H,
    JSON.stringify({ at: AT, command: H, account: 'acme' }),
    JSON.stringify({ at: H, command: 'deposit', account: 'acme' }),
    JSON.stringify({ at: AT, command: 'deposit', account: H, amount: '1.00', reference: H }),
    JSON.stringify({ at: AT, command: 'deposit', account: 'acme', amount: H, reference: H }),
    JSON.stringify({ at: AT, command: 'activate-service', account: 'acme', product: H }),
    JSON.stringify({ at: AT, command: 'buy-packs', account: 'acme', pool: H, size: 1 }),
    JSON.stringify({ at: AT, command: 'deposit', account: 'acme', amount: '1', reference: 'r', [H]: 1 }),
    JSON.stringify({ specversion: '1.0', type: H, source: H, id: H, subject: 'acme' }),
    JSON.stringify({ [H]: H }),
  ].join('\n');

/** How each command is asked, so that it shows what others wrote: in its answer, or in what it complains of. */
const RECIPES: Readonly<Record<string, () => string[][]>> = {
  serve: () => [['--port', H], ['--clock', H], ['--zone', H], ['--store', H], [`--${H}`], [H]],
  demo: () => [['--accounts', H], ['--store', `${H}:`, '--exit'], [H]],
  import: () => [[at('hostile.ndjson')], [at(H)]],
  'close-month': () => [
    [H],
    ['2019-01', '--account', H],
    ['2019-01', '--account', 'none'],
    ['2019-01', '--at', H],
  ],
  blocked: () => [['2019-02'], [H]],
  quarantine: () => [[], [H]],
  wait: () => [[H], ['--timeout', H], [`--${H}`]],
  bill: () => [
    ['acme', '2019-01'],
    [H, '2019-01'],
    ['acme', H],
    ['acme', '2019-02', '--as-of', AT],
  ],
  replay: () => [['acme', '2019-01'], ['--all'], [H, '2019-01']],
  explain: () => [
    ['acme', '2019-01'],
    ['acme', '2019-01', '--records'],
    ['acme', '2019-01', '--meter', H],
    ['acme', '2019-01', '--cursor', H],
    ['acme', '--suspended', '2019-01-05T12:00:00+08:00'],
  ],
  estimate: () => [['acme'], [H]],
  account: () => [['acme'], [H]],
  changes: () => [
    ['acme', '--from', AT, '--to', '2019-02-03T00:00:00+08:00'],
    ['acme', '--from', H],
  ],
  bundle: () => [
    ['acme', '2019-01', '-o', at('again.bundle'), '--force'],
    ['acme', '2019-01', '-o', at(`${H}/x`)],
  ],
  verify: () => [
    [at('good.bundle')],
    [at('forged.bundle')],
    [at('renamed.bundle')],
    [at('hostile.txt')],
    [at(H)],
    [at('good.bundle'), '--key', at('hostile.txt')],
    [at('good.bundle'), '--key', `a+${H}`],
    [at('good.bundle'), '--checkpoint', at('hostile.txt')],
    ['--store', store()],
    ['--store', H],
  ],
  dispute: () => [
    ['list', 'acme'],
    ['resolve', 'acme:1', '--outcome', H],
    ['resolve', 'acme:1', '--outcome', 'upheld', '--note', H, '--by', H],
    ['resolve', H],
    [H, 'acme'],
  ],
  checkpoint: () => [['list'], ['sign'], ['prove', at('hostile.txt')], ['prove', at(H)], [H]],
  rebuild: () => [[], [H]],
  overview: () => [[], [`--${H}`]],
  export: () => [
    ['-'],
    ['-', '--as', 'bills'],
    ['-', '--as', 'usage', '--by', 'record'],
    ['-', '--as', 'focus', '--provider', H],
    ['-', '--as', 'statement', '--account', 'acme'],
    ['-', '--as', H],
    [at(`${H}/x`)],
  ],
  load: () =>
    [[at('forged.ndjson')], [at('hostile.txt')], [at(H)]].map((words) => [
      ...words,
      '--store',
      `sqlite:${at('loaded.db')}`,
    ]),
  copy: () => [
    [store(), `sqlite:${at(H)}`],
    [H, H],
  ],
  backup: () => [[at(`${H}.backup`)], [at(`${H}.backup`)]],
  restore: () => [[at('hostile.txt')], [at(H)]],
  keys: () => [['list'], ['create', '--scopes', H], ['revoke', H], ['create', '--accounts', H], [H]],
  'signing-keys': () => [['list'], ['revoke', H], [H]],
  'price-book': () => [
    ['show'],
    ['show', 'face-recognition', '2019-02'],
    ['lint', at('hostile-book.json')],
    ['lint', at(H)],
    ['publish', at('hostile.txt')],
    ['show', H],
    [H],
  ],
};

test('every command has a recipe', () => {
  expect(Object.keys(RECIPES).sort()).toEqual(Object.keys(commands).sort());
});

/** Those that open a ledger for writing take long: each of their recipes is asked for people or for programs. */
const WRITE = new Set(['import', 'close-month', 'dispute', 'checkpoint', 'keys', 'signing-keys']);

const shownSafely = async (args: readonly string[]): Promise<void> => {
  const { stdout, stderr } = await commandLine(args, { isTTY: true });
  const shown = (stdout + stderr).replace(OWN, '');
  expect(UNSAFE.exec(shown)?.[0] ?? null, JSON.stringify([args, shown])).toBeNull();
  expect(shown, 'a fault of the program').not.toMatch(/internal error|^ +at /m);
};

const answeredSafely = async (args: readonly string[]): Promise<void> => {
  const { stdout, stderr } = await commandLine([...args, '--json']);
  expect(UNSAFE.exec(stdout + stderr)?.[0] ?? null, JSON.stringify([args, stdout, stderr])).toBeNull();
  expect(() => JSON.parse(stdout), `${args}: ${stdout}`).not.toThrow();
};

const withStore = (name: string, words: readonly string[]): string[] => [
  name,
  ...words,
  ...(commands[name]?.flags?.['store']?.type === 'string' && !words.includes('--store')
    ? ['--store', store()]
    : []),
];

describe.each(Object.keys(RECIPES))('%s', (name) => {
  test('shows nothing of it as it is', async () => {
    for (const [i, words] of (RECIPES[name]?.() ?? []).entries()) {
      const args = withStore(name, words);
      if (!WRITE.has(name) || i % 2 === 0) await shownSafely(args);
      // An NDJSON or CSV file is what it is, not an answer.
      if (name === 'export' && words[0] === '-') continue;
      if (!WRITE.has(name) || i % 2 === 1) await answeredSafely(args);
    }
  });
});

test('what was written is shown, escaped', async () => {
  const { stdout } = await commandLine(['account', 'acme', '--store', store()]);
  expect(stdout).toContain('x\\u{1b}[2J\\u{9b}1A\\u{7}\\u{7f}\\u{202e}gnp.');
  const json = await commandLine(['account', 'acme', '--store', store(), '--json']);
  expect(JSON.parse(json.stdout).name).toBe(H);
});

test('words of the command line itself', async () => {
  for (const args of [[H], ['--', H], [`--${H}`], ['help', H], ['bill', '\ufffd', '2019-01']]) {
    const { status, stdout, stderr } = await commandLine(args);
    expect(UNSAFE.exec(stdout + stderr)).toBeNull();
    expect([args, status]).toEqual([args, args[0] === 'help' ? 0 : 2]);
    if (status !== 0) expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  }
});
