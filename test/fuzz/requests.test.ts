/**
 * Bytes that mean harm, to every route and page: no 500, no stack trace, no refusal longer than it needs, no request without
 * an answer, memory within a bound, and afterwards the ledger reads, replays and verifies. Requests drawn from the
 * schemas are in `test/api/fuzz.test.ts`.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ROUTES } from '../../src/api/routes/all.ts';
import { ADMIN, requestsTo, usage, withAccount } from '../support/api.ts';
import { commandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runs } from '../support/proof.ts';
import { serverProcess } from '../support/server-process.ts';
import { ENCODINGS, type Encoding, hostileBytes, REFUSAL_MAX, STACK } from './hostile-bytes.ts';

const TYPES = [
  'application/json',
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
  'application/x-ndjson',
  'application/json; charset=utf-16',
  'text/plain',
  '',
  'application/octet-stream',
];

const SAMPLES: Readonly<Record<string, string>> = {
  'application/x-ndjson': ['a', 'b', 'c'].map((id) => JSON.stringify(usage(id))).join('\n'),
  'application/cloudevents-batch+json': JSON.stringify(['d', 'e'].map((id) => usage(id))),
  'application/cloudevents+json': JSON.stringify(usage('f')),
};

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly bytes: Uint8Array | null;
  readonly type: string;
  readonly encoding: Encoding | null;
  readonly isSaid: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

interface Target {
  readonly method: string;
  readonly path: string;
  readonly bodies: readonly unknown[];
}

/** The clock goes on with the requests, and back never. */
const BODIES: Readonly<Record<string, readonly unknown[]>> = {
  'PUT /v1/clock': ['2019-01-01', '2019-01-20', '2019-02-02', '2019-06-30', '2020-02-29'].map((day) => ({
    now: `${day}T00:00:00+08:00`,
  })),
};
const PAGES = [
  '/',
  '/healthz',
  '/readyz',
  '/metrics',
  '/openapi.json',
  '/docs',
  '/docs/static/index.css',
  '/none',
];

const targets: readonly Target[] = [
  ...ROUTES.map(({ method, path, example }): Target => {
    const named = `/v1${example.path.replace(':key', 'k').replace(':webhook', 'w')}`;
    return { method, path: named, bodies: BODIES[`${method} /v1${path}`] ?? [example.body ?? {}] };
  }),
  ...PAGES.flatMap((path) =>
    ['GET', 'HEAD', 'POST', 'PUT'].map((method) => ({ method, path, bodies: [{}] })),
  ),
];

/** Not how fast an answer is: one that has not come by then never comes. */
const HANGS_MS = 120_000;
/** Of the server's process: it has some 200 MiB when it starts, and reads bodies of up to 10 MiB. */
const MEMORY_MAX = 768 * 1024 * 1024;

const encoded = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const hostilePart = fc.oneof(
  fc.constantFrom(
    '%FF',
    '%ED%A0%80',
    '%00',
    '%2e%2e%2f',
    '.',
    '..',
    '%E2%80%AE',
    '__proto__',
    'a'.repeat(600),
  ),
  fc.string({ unit: 'binary', maxLength: 12 }).map(encoded),
);

const pathOf = (sample: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(sample) },
    fc.tuple(fc.nat({ max: 8 }), hostilePart).map(([at, part]) => {
      const parts = sample.split('/');
      const replaced = 1 + (at % (parts.length - 1));
      return parts.map((one, i) => (i === replaced ? part || 'x' : one)).join('/');
    }),
    fc
      .tuple(hostilePart, hostilePart)
      .map(([name, value]) => `${sample}${sample.includes('?') ? '&' : '?'}${name}=${value}`),
    hostilePart.map((value) => `${sample}${sample.includes('?') ? '&' : '?'}cursor=${value}`),
  );

const hostileHeaders: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  fc
    .tuple(
      fc.constantFrom(
        'x-actor',
        'x-reason',
        'idempotency-key',
        'ce-id',
        'ce-source',
        'ce-specversion',
        'accept-encoding',
      ),
      fc.oneof(
        fc.constantFrom('1.0', 'x', 'a'.repeat(4_000), '%FF', '\u00ff\u00fe', '\u00e9\u0080', 'key'),
        fc.string({
          unit: fc
            .integer({ min: 0x21, max: 0xff })
            .map((code) => String.fromCharCode(code === 0x7f ? 0x21 : code)),
          maxLength: 20,
        }),
      ),
    )
    .map(([name, value]) => ({ [name]: value })),
);

const isUsage = (path: string): boolean => path.split('?', 1)[0] === '/v1/usage';

const asked: fc.Arbitrary<Asked> = fc.constantFrom(...targets).chain(({ method, path, bodies }) =>
  fc
    .record({
      path: pathOf(path),
      body: fc.constantFrom(...bodies),
      type: fc.oneof(
        {
          weight: 2,
          arbitrary: fc.constant(isUsage(path) ? 'application/x-ndjson' : 'application/json'),
        },
        fc.constantFrom(...TYPES),
      ),
      encoding: fc.option(fc.constantFrom<Encoding>('gzip', 'deflate', 'br', 'zstd'), { freq: 4 }),
      isSaid: fc.boolean(),
      headers: hostileHeaders,
    })
    .chain(({ type, body, ...rest }) => {
      const sample = isUsage(path) ? (SAMPLES[type] ?? JSON.stringify(usage('g'))) : JSON.stringify(body);
      const bytes = ['GET', 'HEAD'].includes(method) ? fc.constant(null) : hostileBytes(sample);
      return bytes.map((made): Asked => ({ ...rest, type, method, bytes: made }));
    }),
);

/** The text of an answer; of the stream of events, which never ends, nothing but its head is read. */
const textOf = async (answer: Response): Promise<string> => {
  if (!answer.headers.get('content-type')?.includes('text/event-stream')) return answer.text();
  await answer.body?.cancel();
  return '';
};

const answerTo = (base: string, { method, path, bytes, type, encoding, isSaid, headers }: Asked) => {
  const body = bytes && encoding ? ENCODINGS[encoding](bytes) : bytes;
  return fetch(`${base}${path}`, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(HANGS_MS),
    headers: {
      authorization: `Bearer ${ADMIN}`,
      ...(body === null || type === '' ? {} : { 'content-type': type }),
      ...(encoding && isSaid && body !== null ? { 'content-encoding': encoding } : {}),
      ...headers,
    },
    ...(body === null ? {} : { body: Uint8Array.from(body) }),
  });
};

test('hostile bytes are answered, and the ledger reads and verifies afterwards', {
  timeout: 7_200_000,
}, async () => {
  const folder = temporaryFolder();
  const store = `sqlite:${folder}/ledger.db`;
  const server = serverProcess({ SUANPAN_STORE: store, SUANPAN_CLOSE_AT: 'manual' });
  const api = requestsTo(await server.start());
  await withAccount(api, 'acme');
  await api.ok('POST', '/usage', usage('record-1'));
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(asked, async (one) => {
      const answer = await answerTo(api.base, one);
      const text = await textOf(answer);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const about = `${one.method} ${one.path} ${answer.status} ${text.slice(0, 500)}`;
      expect(answer.status, about).toBeLessThan(500);
      expect(text, about).not.toMatch(STACK);
      if (answer.status < 400) return;
      expect(text.length, about).toBeLessThan(REFUSAL_MAX);
      if (one.method !== 'HEAD')
        expect(answer.headers.get('content-type'), about).toContain('application/problem+json');
    }),
    { numRuns: runs('hostile requests', 300, 100_000), seed: 13, endOnFailure: true },
  );
  expect(statuses.get(200) ?? 0).toBeGreaterThan(0);
  expect(statuses.get(400) ?? 0).toBeGreaterThan(0);
  expect(server.peakMemory() ?? 0).toBeLessThan(MEMORY_MAX);
  // Still there: what was recorded reads, and a month closes, replays and verifies.
  await api.ok('GET', '/accounts/acme/events?limit=1000');
  const { body: clock } = await api.ok('GET', '/clock');
  if (Date.parse(clock.now) < FEBRUARY)
    await api.ok('PUT', '/clock', { now: new Date(FEBRUARY).toISOString() });
  await api.ok('POST', '/accounts/acme/months/2019-01/close');
  const { body } = await api.ok('GET', '/accounts/acme/bills/2019-01/replay');
  expect(body.match).toBe(true);
  expect(server.logged()).not.toMatch(STACK);
  const verified = await commandLine(['verify', '--store', store]);
  expect([verified.status, verified.stderr]).toEqual([0, '']);
  await server.end('SIGTERM');
});

const FEBRUARY = Date.parse('2019-02-02T00:00:00+08:00');
