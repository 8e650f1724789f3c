/**
 * A refusal reaches a client that is still sending: 12 MB by several clients over a real socket, more than a body may have and sockets hold. One that saw a broken
 * connection instead would send the same for ever.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ADMIN, type ServedApi, served } from '../support/api.ts';

const SIZE = 12 * 1024 * 1024;
const run = promisify(execFile);

interface Asked {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}
type Client = (asked: Asked, chunked: boolean) => Promise<{ status: number; code: string }>;

let api: ServedApi;
let folder: string;
let file: string;
beforeAll(async () => {
  api = await served();
  folder = mkdtempSync(join(tmpdir(), 'suanpan-test-'));
  file = join(folder, 'large.json');
  writeFileSync(file, Buffer.alloc(SIZE, 'x'));
});
afterAll(async () => {
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
});

const answered = (text: string) => {
  const [status = '', ...body] = text.trim().split('\n');
  return { status: Number(status), code: JSON.parse(body.join('\n')).code as string };
};

/** Sends all of the body before it looks at an answer, as many programs do. */
const PYTHON = `
import http.client, json, sys, urllib.parse
url, headers, chunked, path, close = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3] == 'true', sys.argv[4], sys.argv[5] == 'close'
to = urllib.parse.urlparse(url)
data = open(path, 'rb').read()
parts = (data[i:i + 65536] for i in range(0, len(data), 65536))
if close:
    headers['Connection'] = 'close'
connection = http.client.HTTPConnection(to.hostname, to.port)
connection.request('POST', to.path, parts if chunked else data, headers, encode_chunked=chunked)
answer = connection.getresponse()
print(answer.status)
print(answer.read().decode())
`;

const python =
  (after: 'keep' | 'close'): Client =>
  async ({ path, headers }, chunked) => {
    const words = [`${api.base}${path}`, JSON.stringify(headers), String(chunked), file, after];
    return answered((await run('python3', ['-c', PYTHON, ...words])).stdout);
  };

const CLIENTS: Readonly<Record<string, { readonly program: string | null; readonly client: Client }>> = {
  'fetch of Node': {
    program: null,
    client: async ({ path, headers }, chunked) => {
      const body = Buffer.alloc(SIZE, 'x');
      const sent = chunked ? new Blob([body]).stream() : body;
      const answer = await fetch(`${api.base}${path}`, {
        method: 'POST',
        headers,
        body: sent,
        ...(chunked ? { duplex: 'half' } : {}),
      } as RequestInit);
      return { status: answer.status, code: ((await answer.json()) as { code: string }).code };
    },
  },
  curl: {
    program: 'curl',
    client: async ({ path, headers }, chunked) => {
      const all = { ...headers, Expect: '', ...(chunked ? { 'Transfer-Encoding': 'chunked' } : {}) };
      const flags = Object.entries(all).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
      const { stdout } = await run('curl', [
        ...['-sS', '-X', 'POST', '--data-binary', `@${file}`, '-w', '\n%{http_code}'],
        ...flags,
        `${api.base}${path}`,
      ]);
      const lines = stdout.split('\n');
      return answered([lines.at(-1), ...lines.slice(0, -1)].join('\n'));
    },
  },
  'http.client of Python': { program: 'python3', client: python('keep') },
  // What urllib does, and every client that uses a connection once.
  'http.client of Python, which wants the connection closed': { program: 'python3', client: python('close') },
};

const isInstalled = (program: string | null): boolean => {
  try {
    if (program !== null) execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const key = { Authorization: `Bearer ${ADMIN}` };
const json = { 'Content-Type': 'application/json' };
const CASES: readonly (readonly [string, Asked, number, string])[] = [
  ['no key', { path: '/v1/usage', headers: json }, 401, 'key_missing'],
  ['too large', { path: '/v1/usage', headers: { ...key, ...json } }, 413, 'body_too_large'],
  [
    'a type that is not taken',
    { path: '/v1/accounts', headers: { ...key, 'Content-Type': 'text/xml' } },
    415,
    'media_type_unsupported',
  ],
  ['no such route', { path: '/v1/none', headers: { ...key, ...json } }, 404, 'route_unknown'],
];

describe.each(Object.entries(CLIENTS))('by %s', (_, { program, client }) => {
  for (const [name, asked, status, code] of CASES)
    for (const chunked of [false, true])
      test.skipIf(!isInstalled(program))(`${name}${chunked ? ', in chunks' : ''}`, async () => {
        expect(await client(asked, chunked)).toEqual({ status, code });
      });
});

test('what is taken stands in the answer to what is not', async () => {
  const usage = await api.send('POST', '/usage', 'x', { 'content-type': 'text/xml' });
  const types = ['application/json', 'application/cloudevents+json', 'application/x-ndjson'];
  for (const type of [...types, 'application/cloudevents-batch+json'])
    for (const text of [usage.body.detail, usage.headers.get('accept'), usage.headers.get('accept-post')])
      expect(text).toContain(type);
  const other = await api.send('POST', '/accounts', '{}', { 'content-type': 'application/x-ndjson' });
  expect([other.status, other.headers.get('accept')]).toEqual([415, 'application/json']);
});
