/**
 * The documents, run as they are written: every shell block of each, in order, in one shell, while servers start slowly; one
 * document after the other in one checkout, as a newcomer reads them. What stays behind is looked at: no process, no port.
 */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { type Block, blocksOf, ROOT } from './shell-blocks.ts';

const SLOW_START_MS = 4_000;
const MINUTES = 60_000;

/** Blocks that are not run here, by how they begin, and why. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'npm ci && npm run demo':
    'installs this project and runs all of its tests; CI and test/package/pack.test.ts do both',
  "export SUANPAN_STORE='esdb://": 'needs an engine; test/esdb starts servers on one',
};

const reasonOf = ({ text }: Block): string | undefined =>
  Object.entries(NOT_RUN).find(([begin]) => text.startsWith(begin))?.[1];

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A checkout with nothing in it but what is in the repository; what is written in it stays in it. */
const checkout = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'suanpan-test-'));
  folders.push(folder);
  for (const name of readdirSync(ROOT))
    if (!['data', '.git', 'dist'].includes(name)) symlinkSync(join(ROOT, name), join(folder, name));
  return folder;
};

/** A port that nobody listens on, in place of the documents' 8080, which may be taken on this machine. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** `npx` without its seconds of asking npm: the same programs. */
const quickNpx = (folder: string): string => {
  const bin = join(folder, '.quick-npx');
  if (existsSync(bin)) return bin;
  mkdirSync(bin);
  const text = `#!/bin/sh
name=$1; shift
case $name in
  suanpan) exec node bin/suanpan.js "$@" ;;
  *) exec "node_modules/.bin/$name" "$@" ;;
esac
`;
  writeFileSync(join(bin, 'npx'), text);
  writeFileSync(join(bin, 'suanpan'), '#!/bin/sh\nexec npx suanpan "$@"\n');
  for (const name of ['npx', 'suanpan']) chmodSync(join(bin, name), 0o755);
  return bin;
};

interface Ran {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a script in a process group of its own; gives all that it printed, and ends what it left behind. */
const inShell = (
  script: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Ran> =>
  new Promise((resolve) => {
    const child = spawn('bash', ['-e', '-u', '-o', 'pipefail', '-c', script], {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        output += data;
      });
    child.on('exit', (status) => resolve({ status, output }));
  });

const newcomers = checkout();

/** The documents with shell blocks, and what running them prints. */
const DOCUMENTS: readonly (readonly [file: string, says: readonly string[]])[] = [
  ['README.md', ['due 6368.00', '148868.00', 'replays byte for byte: true']],
  ['docs/api.md', ['"account":"acme"', '"status":"active"']],
  ['docs/exports.md', ['statement.csv', 'ledger.ndjson']],
  ['docs/copy.md', ['moved.db', 'all match']],
  ['docs/price-books.md', ['0 problems, 0 warnings']],
];

describe.each(DOCUMENTS)('%s', (file, says) => {
  test('names the language of each block, and no shell block is left out without a reason', () => {
    for (const block of blocksOf(file))
      expect(['sh', 'ts', 'json'], `${file}:${block.line}`).toContain(block.language);
  });

  test('runs as it is written, on a machine where a server starts slowly', {
    timeout: 5 * MINUTES,
  }, async () => {
    const blocks = blocksOf(file).filter((block) => block.language === 'sh');
    const run = blocks.filter((block) => reasonOf(block) === undefined);
    expect(run.length).toBeGreaterThan(0);
    const folder = newcomers;
    const port = String(await freePort());
    const script = run
      .map(({ line, text }) => `echo "# ${file}:${line}"\n${text.replaceAll('8080', port)}`)
      .join('\n');
    const slow = fileURLToPath(new URL('slow-start.mjs', import.meta.url));
    const env = {
      PATH: `${quickNpx(folder)}:${join(ROOT, 'node_modules/.bin')}:${process.env['PATH']}`,
      HOME: folder,
      NODE_OPTIONS: `--disable-warning=ExperimentalWarning --import=${slow}`,
      SLOW_START_MS: String(SLOW_START_MS),
      SUANPAN_PORT: port,
      SUANPAN_URL: `http://127.0.0.1:${port}`,
    };
    // What was killed in the background is waited for: a server that does not end would keep the script.
    const { status, output } = await inShell(`${script}\nwait`, folder, env);
    expect([status, output], output).toEqual([0, expect.anything()]);
    for (const text of says) expect(output).toContain(text);
    // Nothing listens there any more.
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  });
});

test('every document with a shell block is run', () => {
  const files = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)];
  const shell = files.filter(
    (file) => file.endsWith('.md') && blocksOf(file).some(({ language }) => language === 'sh'),
  );
  expect(shell.toSorted()).toEqual(DOCUMENTS.map(([file]) => file).toSorted());
});

test('what a command is shown to print has its instants in the billing zone', () => {
  for (const name of readdirSync(join(ROOT, 'docs')).filter((one) => one.endsWith('.md')))
    for (const { line, text } of blocksOf(`docs/${name}`))
      if (/^[├└]/m.test(text)) expect(text, `docs/${name}:${line}`).not.toMatch(/T\d\d:\d\d:[\d.]+Z/);
});

test('what is not run is still there', () => {
  const texts = ['README.md', 'docs/api.md'].flatMap(blocksOf).map(({ text }) => text);
  for (const begin of Object.keys(NOT_RUN))
    expect(
      texts.some((text) => text.startsWith(begin)),
      begin,
    ).toBe(true);
});
