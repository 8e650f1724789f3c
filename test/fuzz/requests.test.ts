/**
 * Bytes that mean harm, to every route: no 500, no stack trace, no refusal longer than it needs, and afterwards the ledger
 * reads, replays and verifies. Requests drawn from the schemas are in `test/api/fuzz.test.ts`.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ROUTES } from '../../src/api/routes/all.ts';
import { ADMIN, served, usage, withAccount } from '../support/api.ts';
import { commandLine } from '../support/command-line.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runs } from '../support/proof.ts';
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

/** Neither moves the clock of everybody, nor never ends. */
const LEFT_OUT = new Set(['PUT /clock', 'GET /stream']);

const targets = ROUTES.filter(({ method, path }) => !LEFT_OUT.has(`${method} ${path}`));

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
      return parts.map((one, i) => (i === at % parts.length ? part || 'x' : one)).join('/');
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

const asked: fc.Arbitrary<Asked> = fc.constantFrom(...targets).chain(({ method, example, path }) =>
  fc
    .record({
      path: pathOf(example.path.replace(':key', 'k').replace(':webhook', 'w')),
      type: fc.oneof(
        {
          weight: 2,
          arbitrary: fc.constant(path === '/usage' ? 'application/x-ndjson' : 'application/json'),
        },
        fc.constantFrom(...TYPES),
      ),
      encoding: fc.option(fc.constantFrom<Encoding>('gzip', 'deflate', 'br', 'zstd'), { freq: 4 }),
      isSaid: fc.boolean(),
      headers: hostileHeaders,
    })
    .chain(({ type, ...rest }) => {
      const sample =
        path === '/usage'
          ? (SAMPLES[type] ?? JSON.stringify(usage('g')))
          : JSON.stringify(example.body ?? {});
      const bytes = method === 'GET' ? fc.constant(null) : hostileBytes(sample);
      return bytes.map((made): Asked => ({ ...rest, type, method, bytes: made }));
    }),
);

test('hostile bytes are answered, and the ledger reads and verifies afterwards', {
  timeout: 7_200_000,
}, async () => {
  const folder = temporaryFolder();
  const api = await served({ SUANPAN_STORE: `sqlite:${folder}/ledger.db`, SUANPAN_CLOSE_AT: 'manual' });
  await withAccount(api, 'acme');
  await api.ok('POST', '/usage', usage('record-1'));
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(asked, async ({ method, path, bytes, type, encoding, isSaid, headers }) => {
      const body = bytes && encoding ? ENCODINGS[encoding](bytes) : bytes;
      const answer = await fetch(`${api.base}/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${ADMIN}`,
          ...(body === null || type === '' ? {} : { 'content-type': type }),
          ...(encoding && isSaid && body !== null ? { 'content-encoding': encoding } : {}),
          ...headers,
        },
        ...(body === null ? {} : { body: Uint8Array.from(body) }),
      });
      const text = await answer.text();
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const about = `${method} ${path} ${answer.status} ${text.slice(0, 500)}`;
      expect(answer.status, about).toBeLessThan(500);
      expect(text, about).not.toMatch(STACK);
      if (answer.status < 400) return;
      expect(text.length, about).toBeLessThan(REFUSAL_MAX);
      expect(answer.headers.get('content-type'), about).toContain('application/problem+json');
    }),
    { numRuns: runs('hostile requests', 300, 100_000), seed: 13, endOnFailure: true },
  );
  expect(statuses.get(200) ?? 0).toBeGreaterThan(0);
  expect(statuses.get(400) ?? 0).toBeGreaterThan(0);
  // Still there: what was recorded reads, and a month closes, replays and verifies.
  await api.ok('GET', '/accounts/acme/events?limit=1000');
  await api.ok('PUT', '/clock', { now: '2019-02-02T00:00:00+08:00' });
  await api.ok('POST', '/accounts/acme/months/2019-01/close');
  const { body } = await api.ok('GET', '/accounts/acme/bills/2019-01/replay');
  expect(body.match).toBe(true);
  const verified = await commandLine(['verify', '--store', `sqlite:${folder}/ledger.db`]);
  expect([verified.status, verified.stderr]).toEqual([0, '']);
  await api.stop();
});
