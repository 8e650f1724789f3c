/** The commands an operator uses: a server started, stopped and refused with the reason; keys; a backup restored. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ADMIN, usage } from '../support/api.ts';
import { commandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/folder.ts';

const MAIN = fileURLToPath(new URL('../../bin/suanpan.js', import.meta.url));

const suanpan = (folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  commandLine(args, { env: { SUANPAN_STORE: `sqlite:${join(folder, 'ledger.db')}`, ...env } });
/** The same as a process of its own. */
const program = (folder: string, args: readonly string[]) => {
  const env = { ...process.env, SUANPAN_STORE: `sqlite:${join(folder, 'ledger.db')}` };
  const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    env,
    encoding: 'utf8',
    timeout: 200_000,
  });
  return { status, stderr };
};

interface Serving {
  readonly address: string;
  readonly send: (
    method: string,
    path: string,
    body?: unknown,
    key?: string,
  ) => Promise<{ status: number; body: never }>;
  readonly stop: (signal: NodeJS.Signals) => Promise<number | null>;
}

const serving = async (folder: string): Promise<Serving> => {
  const child = spawn(process.execPath, [MAIN, 'serve', '--port', '0'], {
    env: {
      ...process.env,
      SUANPAN_STORE: `sqlite:${join(folder, 'ledger.db')}`,
      SUANPAN_ADMIN_KEY: ADMIN,
      SUANPAN_CLOCK: '2019-01-01T00:00:00+08:00',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const address = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
    child.stdout.on('data', (data) => {
      const [, found] = /"address":"([^"]+)"/.exec(String(data)) ?? [];
      if (found) resolve(found);
    });
  });
  return {
    address,
    send: async (method, path, body, key = ADMIN) => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${address}/v1${path}`, { method, headers, ...sent });
      return { status: response.status, body: (await response.json()) as never };
    },
    stop: (signal) =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        child.kill(signal);
      }),
  };
};

describe('serve', () => {
  test('what cannot be opened ends the command, whatever threads had begun', () => {
    const folder = temporaryFolder();
    // An empty folder would be put away; one with something in it is left alone.
    mkdirSync(join(folder, 'ledger.db.views', 'of-somebody'), { recursive: true });
    const { status, stderr } = program(folder, ['serve', '--port', '0']);
    expect([status, stderr]).toEqual([2, expect.stringContaining('a folder is in its place')]);
  });

  test('answers what is under way, ends with 0 and leaves a ledger that verifies', async () => {
    const folder = temporaryFolder();
    const server = await serving(folder);
    await server.send('POST', '/accounts', { account: 'acme', name: '' });
    await server.send('POST', '/accounts/acme/services', { product: 'face-recognition' });
    const under = Array.from({ length: 50 }, (_, i) => server.send('POST', '/usage', usage(String(i))));
    await Promise.race(under);
    const [answers, code] = await Promise.all([Promise.allSettled(under), server.stop('SIGTERM')]);
    expect(code).toBe(0);
    const accepted = answers.filter((answer) => answer.status === 'fulfilled' && answer.value.status === 200);
    const verified = await suanpan(folder, ['verify', '--store', '--json']);
    expect(verified.status).toBe(0);
    expect(JSON.parse(verified.stdout).records).toBeGreaterThanOrEqual(accepted.length);
    expect(accepted.length).toBeGreaterThan(0);
  });

  test.each([
    [{ SUANPAN_PORT: '99999' }, 'SUANPAN_PORT'],
    [{ SUANPAN_CLOCK: 'yesterday' }, 'SUANPAN_CLOCK'],
    [{ SUANPAN_CLOSE_AT: '5T04:00' }, 'SUANPAN_CLOSE_AT'],
    [{ SUANPAN_ZONE: 'Mars/Olympus' }, 'SUANPAN_ZONE'],
    [{ SUANPAN_BOOKS: 'some' }, 'SUANPAN_BOOKS'],
    [{ SUANPAN_STORES: 'x' }, 'SUANPAN_STORES'],
    [{ SUANPAN_STORE: 'postgres://x' }, 'store'],
  ])('a bad setting is one line and exit 2: %o', async (env, name) => {
    const { status, stderr } = await suanpan(temporaryFolder(), ['serve'], env);
    expect(status).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(name);
  });
});

test('keys made, used, listed without their secrets, and revoked', async () => {
  const folder = temporaryFolder();
  const empty = join(folder, 'empty.ndjson');
  writeFileSync(empty, '');
  expect((await suanpan(folder, ['import', empty])).status).toBe(0);
  const made = await suanpan(folder, ['keys', 'create', '--name', 'reader', '--scopes', 'read', '--json']);
  expect(made.status).toBe(0);
  const { key, secret } = JSON.parse(made.stdout);
  const server = await serving(folder);
  expect((await server.send('GET', '/accounts', undefined, secret)).status).toBe(200);
  expect((await server.send('POST', '/accounts', { account: 'a' }, secret)).status).toBe(403);
  expect(program(folder, ['keys', 'create']).stderr).toMatch(/another process|in use/);
  await server.stop('SIGINT');
  const listed = await suanpan(folder, ['keys', 'list', '--json']);
  expect(listed.stdout).toContain(key);
  expect(listed.stdout).not.toContain(secret);
  expect(readFileSync(join(folder, 'ledger.db')).includes(Buffer.from(secret))).toBe(false);
  expect((await suanpan(folder, ['keys', 'revoke', key])).status).toBe(0);
  expect((await suanpan(folder, ['keys', 'revoke', 'key_none'])).status).toBe(2);
  const again = await serving(folder);
  expect((await again.send('GET', '/accounts', undefined, secret)).status).toBe(401);
  await again.stop('SIGTERM');
});

test('a backup taken under load is a ledger, and is put back', async () => {
  const [folder, other] = [temporaryFolder(), temporaryFolder()];
  const server = await serving(folder);
  await server.send('POST', '/accounts', { account: 'acme', name: '' });
  await server.send('POST', '/accounts/acme/services', { product: 'face-recognition' });
  for (let i = 0; i < 20; i++) await server.send('POST', '/usage', usage(`before-${i}`));
  let isOver = false;
  const load = (async () => {
    for (let i = 0; !isOver; i++) await server.send('POST', '/usage', usage(`during-${i}`));
  })();
  const file = join(other, 'copy.db');
  const child = spawn(process.execPath, [MAIN, 'backup', file], {
    env: { ...process.env, SUANPAN_STORE: `sqlite:${join(folder, 'ledger.db')}` },
  });
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
  isOver = true;
  await load;
  await server.stop('SIGTERM');
  expect((await suanpan(folder, ['backup', file])).status).toBe(2);
  expect((await suanpan(other, ['restore', file])).status).toBe(0);
  expect((await suanpan(other, ['restore', file])).status).toBe(2);
  const restored = await serving(other);
  const { items } = (await restored.send('GET', '/accounts/acme/usage?month=2019-01&by=interface')).body as {
    items: { records: number }[];
  };
  expect(items[0]?.records).toBeGreaterThanOrEqual(20);
  expect((await restored.send('POST', '/usage', usage('before-3'))).body).toMatchObject({ duplicates: 1 });
  await restored.stop('SIGTERM');
  const broken = join(other, 'broken.db');
  const bytes = readFileSync(file);
  const place = bytes.indexOf('AccountOpened');
  bytes[place] = 0x42;
  writeFileSync(broken, bytes);
  const refused = await suanpan(temporaryFolder(), ['restore', broken]);
  expect(refused.status).toBe(1);
  expect(existsSync(`${file}.partial`)).toBe(false);
});

test("the server's own key is readable by its owner alone", async () => {
  const folder = temporaryFolder();
  const server = await serving(folder);
  await server.stop('SIGTERM');
  expect(statSync(join(folder, 'ledger.db.key')).mode & 0o777).toBe(0o600);
});
