/** A server that scripts start beside them: they learn when it is ready, and it does not outlive who started it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { nodeOf } from '../package/nodes.ts';
import { commandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/folder.ts';

const BIN = fileURLToPath(new URL('../../bin/suanpan.js', import.meta.url));
const QUIET = '--disable-warning=ExperimentalWarning';
const SERVE = [
  'serve',
  '--store',
  'memory:',
  '--port',
  '0',
  '--log',
  'silent',
  '--clock',
  '2019-01-01T00:00:00+08:00',
];
const SLOW = { timeout: 200_000, interval: 50 };

const env = (more: Readonly<Record<string, string>> = {}) => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))),
  ...more,
});
const suanpan = (...args: string[]) =>
  spawnSync(process.execPath, [QUIET, BIN, ...args], { encoding: 'utf8', env: env() });
const started = (command: string, args: readonly string[], more = {}): ChildProcess => {
  const child = spawn(command, args, { env: env(more), stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
};
const gone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

test('the ready file holds the address while the server is ready, and wait reads it', async () => {
  const file = join(temporaryFolder(), 'ready');
  // An earlier server was killed: what it left must not be taken for this one's.
  writeFileSync(file, 'http://127.0.0.1:1\n');
  const server = started(process.execPath, [QUIET, BIN, ...SERVE, '--ready-file', file]);
  await expect
    .poll(() => existsSync(file) && readFileSync(file, 'utf8') !== 'http://127.0.0.1:1\n', SLOW)
    .toBe(true);
  const { status, stdout } = suanpan('wait', '--ready-file', file);
  expect([status, stdout]).toEqual([0, readFileSync(file, 'utf8')]);
  const address = stdout.trim();
  expect((await fetch(`${address}/readyz`)).status).toBe(200);
  expect(JSON.parse(suanpan('wait', '--url', address, '--json').stdout)).toEqual({ ready: true, address });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(existsSync(file)).toBe(false);
});

test('wait gives up in time, and says what it was that it waited for', async () => {
  const missing = suanpan('wait', '--ready-file', join(temporaryFolder(), 'none'), '--timeout', '0');
  expect(missing).toMatchObject({ status: 1, stderr: expect.stringMatching(/there is no .*none yet/) });
  const closed = suanpan('wait', '--url', 'http://127.0.0.1:1', '--timeout', '0');
  expect(closed).toMatchObject({ status: 1, stderr: expect.stringContaining('does not answer') });
  expect(suanpan('wait', '--url', 'nowhere').status).toBe(2);
  expect(suanpan('wait', '--url', 'http://127.0.0.1:1', '--ready-file', 'x').status).toBe(2);
  // Something else at the address is not a server that is ready.
  const other = createServer(
    (socket) => void socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n'),
  );
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const address = other.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const wait = started(process.execPath, [QUIET, BIN, 'wait', '--url', url, '--timeout', '0']);
  expect(await new Promise((resolve) => wait.once('exit', resolve))).toBe(1);
});

test.each([
  [404, '', false],
  [200, '<html>', false],
  [200, '{"status":"ok"}', false],
  [503, 'null', false],
  [200, '{"status":"ready"}', true],
] as const)('an answer %i %s is that of a server: %s', async (status, body, isReady) => {
  const server = createHttpServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const ran = await commandLine(['wait', '--url', url, '--timeout', '0']);
  if (isReady) expect(ran).toMatchObject({ status: 0, stdout: `${url}\n` });
  else
    expect(ran).toMatchObject({
      status: 1,
      stderr: `suanpan: no server is ready: ${url} is not a Suanpan server\n`,
    });
});

/** Starts the command as npm does, by a process that is then killed without a chance to say so. */
const leftBehind = async (node: string, more: Readonly<Record<string, string>>): Promise<void> => {
  const file = join(temporaryFolder(), 'ready');
  const parent = started(
    process.execPath,
    [
      '-e',
      `const child = require('node:child_process').spawn(process.argv[1], process.argv.slice(2), { stdio: 'ignore' });
       console.log(child.pid); setInterval(() => undefined, 1000);`,
      node,
      BIN,
      ...SERVE,
      '--ready-file',
      file,
    ],
    more,
  );
  const child = await new Promise<number>((resolve) =>
    parent.stdout?.once('data', (text) => resolve(Number(text))),
  );
  await expect.poll(() => existsSync(file), SLOW).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => gone(child), SLOW).toBe(true);
  // It stopped in order: the file is gone too.
  await expect.poll(() => existsSync(file), SLOW).toBe(false);
};

test('a server that npm or npx started ends when they are killed', () =>
  leftBehind(process.execPath, { npm_command: 'exec' }));

const folder = mkdtempSync(join(tmpdir(), 'suanpan-test-'));
const older = nodeOf('20', folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
if (!older.path) console.log(`skipped: ${older.why}`);
test.skipIf(!older.path)('so does one that an older Node started under a newer one', () =>
  leftBehind(older.path ?? '', { npm_command: 'exec' }),
);
