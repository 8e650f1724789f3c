/**
 * Bytes of requests: compressed bodies, what is not UTF-8 wherever bytes become text, numbers that no double holds, and
 * bounds on all of it.
 */
import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '../../src/api/routes/all.ts';
import { ADMIN, type ServedApi, served, usage, withAccount } from '../support/api.ts';

let api: ServedApi;
beforeAll(async () => {
  api = await served();
  await withAccount(api);
});
afterAll(() => api.stop());

const NDJSON = 'application/x-ndjson';
const post = async (path: string, body: Uint8Array | string, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${api.base}/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json', ...headers },
    body: body as Uint8Array<ArrayBuffer>,
  });
  const text = await answer.text();
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test looks at.
  const last: any = JSON.parse(text.trim().split('\n').at(-1) ?? '');
  return { status: answer.status, body: last, text, headers: answer.headers };
};
const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));
/** Everything that is kept of what was refused. */
const logged = async () => {
  // biome-ignore lint/suspicious/noExplicitAny: what comes back is what a test looks at.
  const all: any[] = [];
  for (const path of ['/accounts/acme/refused-usage', '/refused-usage'])
    for (let cursor: string | null = '0-0'; cursor !== null; ) {
      const { body } = await api.ok('GET', `${path}?limit=500&cursor=${cursor}`);
      all.push(...body.items);
      cursor = body.next;
    }
  return all;
};

const CODINGS = {
  gzip: gzipSync,
  'x-gzip': gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
};

describe.each(Object.entries(CODINGS))('a body in %s', (coding, compress) => {
  const headers = { 'content-encoding': coding };
  test('is taken by every route that takes one', async () => {
    const account = `acc-${coding}`;
    const opened = await post('/accounts', compress(JSON.stringify({ account, name: '压缩' })), headers);
    expect([opened.status, opened.body.name]).toEqual([201, '压缩']);
    const one = await post('/usage', compress(JSON.stringify(usage(`one-${coding}`))), headers);
    expect(one.body).toMatchObject({ accepted: 1 });
    const lines = Array.from({ length: 3_000 }, (_, i) => JSON.stringify(usage(`${coding}-${i}`))).join('\n');
    const many = await post('/usage', compress(lines), { ...headers, 'content-type': NDJSON });
    expect(many.body).toMatchObject({ accepted: 3_000, refused: 0 });
  });

  test('that is damaged, cut, or has something behind its end is 400 and records nothing', async () => {
    const whole = compress(JSON.stringify([usage(`damaged-${coding}`)]));
    for (const body of [
      whole.subarray(0, whole.length - 4),
      Buffer.concat([whole, Buffer.from('behind')]),
      Buffer.from('[]'),
      Buffer.alloc(0),
    ]) {
      for (const type of ['application/json', NDJSON]) {
        const answer = await post('/usage', body, { ...headers, 'content-type': type });
        expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
      }
    }
    expect((await post('/usage', whole, headers)).body).toMatchObject({ accepted: 1 });
  });

  test('that is a bomb is 413, as a document and as a stream', async () => {
    const bomb = compress(Buffer.alloc(64 * 1024 * 1024, ' '));
    expect(bomb.length).toBeLessThan(300_000);
    for (const [path, type] of [
      ['/usage', 'application/json'],
      ['/usage', NDJSON],
      ['/accounts', 'application/json'],
    ] as const) {
      const answer = await post(path, bomb, { ...headers, 'content-type': type });
      expect([path, type, answer.status, answer.body.code]).toEqual([path, type, 413, 'body_too_large']);
    }
  });
});

test.each(['lzma', 'gzip, br', 'gzip,gzip', 'utf-8', '__proto__'])(
  'Content-Encoding %s is 415',
  async (coding) => {
    for (const path of ['/usage', '/accounts']) {
      const answer = await post(path, JSON.stringify(usage('coded')), { 'content-encoding': coding });
      expect([answer.status, answer.body.code]).toEqual([415, 'media_type_unsupported']);
      expect(answer.headers.get('accept-encoding')).toBe('gzip, deflate, br, zstd');
    }
  },
);

/** 退款 in GBK. */
const GBK = [0xcd, 0xcb, 0xbf, 0xee];

describe('what is not UTF-8', () => {
  test('is 400 as the body of every route that takes one', async () => {
    for (const { method, path, body, example } of ROUTES) {
      if (body === null || method === 'GET') continue;
      const answer = await fetch(`${api.base}/v1${example.path}`, {
        method,
        headers: {
          authorization: `Bearer ${ADMIN}`,
          'content-type': 'application/json',
          'idempotency-key': 'k',
        },
        body: bytes('{"name":"', GBK, '"}'),
      });
      const problem = (await answer.json()) as { code: string; detail: string };
      expect([path, answer.status, problem.code]).toEqual([path, 400, 'invalid_request']);
      expect(problem.detail).toContain('UTF-8');
    }
  });

  test('is refused as a line alone: the others are recorded, and it is kept byte for byte', async () => {
    const line = (id: number[] | string): Buffer => {
      const [before = '', after = ''] = JSON.stringify(usage('ID')).split('ID');
      return bytes(before, id, after);
    };
    const lines = [line('utf-1'), line(GBK), line([...GBK].reverse()), line('utf-2')];
    const { status, body, text } = await post('/usage', bytes(...lines.flatMap((one) => [[...one], '\n'])), {
      'content-type': NDJSON,
    });
    expect([status, body]).toMatchObject([200, { accepted: 2, refused: 2, duplicates: 0 }]);
    expect(JSON.parse(text.split('\n')[0] ?? '')).toMatchObject({
      index: 1,
      code: 'invalid_record',
      field: 'record',
    });
    const kept = (await logged()).flatMap(({ base64 = '' }) =>
      base64 ? [Buffer.from(base64, 'base64')] : [],
    );
    expect(kept).toEqual([lines[1], lines[2]]);
  });

  const raw = (head: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(api.base).port), '127.0.0.1', () =>
        socket.write(
          Buffer.from(
            `${head}\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${ADMIN}\r\n\r\n`,
            'latin1',
          ),
        ),
      );
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('error', reject);
      socket.on('end', () => resolve(text.split('\r\n')[0] ?? ''));
    });
  const latin = (octets: number[]): string => String.fromCharCode(...octets);

  test.each([
    ['percent-encoded in a path', 'GET /v1/accounts/%CD%CB HTTP/1.1'],
    ['percent-encoded in a query', 'GET /v1/accounts/acme/events?cursor=%FF HTTP/1.1'],
    ['half a surrogate pair in a query', 'GET /v1/accounts/acme/events?cursor=%ED%A0%80 HTTP/1.1'],
    ['a percent sign that encodes nothing', 'GET /v1/accounts/acme/events?cursor=% HTTP/1.1'],
    ['as it is in a path', `GET /v1/accounts/${latin(GBK)} HTTP/1.1`],
    ['in a path that no route has', 'GET /v1/no/%CD%CB HTTP/1.1'],
    ['in X-Reason', `POST /v1/accounts/acme/suspensions HTTP/1.1\r\nX-Reason: ${latin(GBK)}`],
    ['in Idempotency-Key', `POST /v1/accounts/acme/suspensions HTTP/1.1\r\nIdempotency-Key: ${latin(GBK)}`],
  ])('is 400 %s', async (_name, head) => expect(await raw(head)).toContain(' 400 '));

  test('is not what a header in UTF-8 is: it is read as it was written', async () => {
    const reason = Buffer.from('退款：重复计费').toString('latin1');
    await api.ok(
      'POST',
      '/accounts/acme/credits',
      { amount: '1.00', reference: 'why', reason: 'r' },
      { 'x-reason': reason },
    );
    const { items } = (await api.ok('GET', '/accounts/acme/events?limit=500')).body;
    expect(JSON.stringify(items)).toContain('退款：重复计费');
  });
});

describe('numbers that no double holds', () => {
  const record = (id: string, calls: string, more = ''): string =>
    `{"specversion":"1.0","type":"suanpan.usage","source":"/g","id":"${id}","subject":"acme","time":"2019-01-01T00:00:00+08:00",${more}"data":{"interface":"face-recognition/compare","calls":${calls}}}`;

  test.each([
    '1e400',
    '-1e400',
    '9007199254740993',
    '1.0000000000000000000001',
    '1e-400',
    '99999999999999999999',
  ])('%s calls are refused in every form, kept as they came, and spoil nothing', async (calls) => {
    const bad = record(`bad-${calls}`, calls);
    const anywhere = record(`ext-${calls}`, '1', `"extension":[{"x":${calls}}],`);
    const good = (n: number): string => record(`good-${calls}-${n}`, '1');
    const array = await post('/usage', `[${good(1)}, ${bad}, ${good(2)},${anywhere}]`);
    expect([array.status, array.body]).toMatchObject([200, { accepted: 2, refused: 2 }]);
    expect(array.body.results).toMatchObject([
      { index: 1, id: `bad-${calls}`, code: 'invalid_record', field: 'data.calls' },
      { index: 3, code: 'invalid_record', field: 'extension.0.x' },
    ]);
    const lines = await post('/usage', `${good(3)}\n${bad}\n${good(4)}\n`, { 'content-type': NDJSON });
    expect(lines.body).toMatchObject({ accepted: 2, refused: 1 });
    expect((await post('/usage', bad)).body).toMatchObject({ accepted: 0, refused: 1 });
    expect((await logged()).filter(({ text }: { text?: string }) => text === bad).length).toBe(1);
  });

  test.each([
    ['1.0', 1],
    ['1e2', 100],
    ['10E-1', 1],
    ['1000', 1_000],
  ])('%s calls are %i', async (calls, count) => {
    expect((await post('/usage', record(`held-${calls}`, calls))).body).toMatchObject({ accepted: 1 });
    // The same with other calls is a conflict, which says what is held.
    const other = await post('/usage', record(`held-${calls}`, '7'));
    expect(other.body.results).toMatchObject([{ outcome: 'conflict', held: { calls: count } }]);
  });

  test.each(['-0', '0', '1.5', '-1', '"1"', 'true'])('%s calls are refused by the field', async (calls) => {
    expect((await post('/usage', record(`none-${calls.replaceAll('"', '')}`, calls))).body).toMatchObject({
      refused: 1,
      results: [{ code: 'invalid_record', field: 'data.calls' }],
    });
  });

  test('null calls are calls left out', async () => {
    expect((await post('/usage', record('none-null', 'null'))).body).toMatchObject({
      refused: 1,
      results: [{ code: 'invalid_record', field: 'data' }],
    });
  });

  test('one member twice is refused: which of the two is meant nobody knows', async () => {
    const twice = record('twice', '1').replace('"calls":1', '"calls":1,"calls":2');
    const answer = await post('/usage', `[${twice},${record('once', '1')}]`);
    expect(answer.body).toMatchObject({
      accepted: 1,
      refused: 1,
      results: [{ id: 'twice', field: 'data.calls' }],
    });
    expect((await logged()).filter(({ text }) => text === twice).length).toBe(1);
    const deposit = await post(
      '/accounts/acme/deposits',
      '{"amount":"1.00","amount":"2.00","reference":"twice"}',
    );
    expect([deposit.status, deposit.body.field]).toEqual([400, 'amount']);
  });

  test('are 400 in any other body, by the field', async () => {
    const answer = await post(
      '/accounts/acme/corrections',
      '{"source":"/g","id":"x","calls":1e400,"reason":"r"}',
    );
    expect([answer.status, answer.body.code, answer.body.field]).toEqual([400, 'invalid_request', 'calls']);
  });
});

describe('one request', () => {
  test('has at most 20,000 records, a stream any number', async () => {
    const junk = (count: number): string => `[${new Array(count).fill('1').join(',')}]`;
    expect((await post('/usage', junk(20_001))).status).toBe(413);
    const most = await post('/usage', junk(20_000));
    expect([most.status, most.body.refused, most.body.results.length, most.body.resultsTruncated]).toEqual([
      200,
      20_000,
      1_000,
      true,
    ]);
    expect(most.text.length).toBeLessThan(1024 * 1024);
    const lines = await post('/usage', '1\n'.repeat(30_000), { 'content-type': NDJSON });
    expect(lines.body).toMatchObject({ accepted: 0, duplicates: 0, conflicts: 0, refused: 30_000 });
    // A thousand results, and the rest as one run.
    expect(JSON.parse(lines.text.trim().split('\n').at(-2) ?? '')).toMatchObject({
      index: 1_000,
      count: 29_000,
    });
    expect(lines.text.length).toBeLessThan(1024 * 1024);
  });

  test('has at most 10 MiB, inflated', async () => {
    const MIB = 1024 * 1024;
    const account = (size: number) => {
      const text = JSON.stringify({ account: 'big', name: '' });
      return `${text.slice(0, -1)}${' '.repeat(size - text.length)}}`;
    };
    const most = await post('/accounts', account(10 * MIB));
    expect([most.status, most.body.account]).toEqual([201, 'big']);
    for (const [path, body] of [
      ['/accounts', account(10 * MIB + 1)],
      ['/usage', `[${' '.repeat(10 * MIB)}]`],
    ] as const) {
      expect((await post(path, body)).body.code).toBe('body_too_large');
      const inflated = await post(path, gzipSync(body), { 'content-encoding': 'gzip' });
      expect([inflated.status, inflated.body.code]).toEqual([413, 'body_too_large']);
    }
  });

  test.each([
    ['a name of megabytes', `{"account":"big","name":"${'x'.repeat(4_000_000)}"}`, 'name'],
    ['a name of a hundred thousand characters', `{"account":"big","name":"${'x'.repeat(100_000)}"}`, 'name'],
    ['a field that is not known', `{"account":"big","name":"","more":[${'1,'.repeat(50_000)}1]}`, 'more'],
    ['a name that is a list', `{"account":"big","name":[${'1,'.repeat(50_000)}1]}`, 'name'],
    ['no end', `{"account":"big","name":[${'1, '.repeat(30_000)}`, 'body'],
  ])('of megabytes is refused by its field, as a short one is: %s', async (_, body, field) => {
    const answer = await post('/accounts', body);
    expect([answer.status, answer.body.code, answer.body.field]).toEqual([400, 'invalid_request', field]);
  });

  test.each([
    ['/keys', 'scopes', { name: 'many', scopes: new Array(100_000).fill('read') }],
    ['/keys', 'accounts', { name: 'many', scopes: ['read'], accounts: new Array(100_000).fill('acme') }],
    ['/webhooks', 'types', { url: 'https://example.com/', types: new Array(100_000).fill('*') }],
  ])('of %s whose list of %s is too long is refused by that alone', async (path, field, body) => {
    const answer = await post(path, JSON.stringify(body));
    expect([answer.status, answer.body.field]).toEqual([400, field]);
    expect(answer.body.detail).toMatch(/has at most \d+ entries$/);
  });

  test('says where the ledger stands: a header, or a trailer where a stream has begun before', async () => {
    const first = await post('/usage', JSON.stringify(usage('positioned')));
    const again = await post('/usage', JSON.stringify(usage('positioned')));
    const lines = await post('/usage', JSON.stringify(usage('positioned-2')), { 'content-type': NDJSON });
    for (const { headers } of [first, again, lines]) {
      const after = headers.get('ledger-position');
      expect(after).toMatch(/./);
      expect((await api.ok('GET', `/accounts/acme?after=${after}`)).status).toBe(200);
    }
  });
});

test('of a request without a good key, or without the right to it, not a byte of the body is waited for', async () => {
  const { secret } = (await api.ok('POST', '/keys', { name: 'reader', scopes: ['read'] })).body;
  for (const [key, status] of [
    ['nobody-knows-this', 401],
    [secret, 403],
  ] as const) {
    const head = `POST /v1/usage HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: 10000000\r\n\r\n`;
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(api.base).port), '127.0.0.1', () => socket.write(head));
      socket.once('data', (chunk) => {
        resolve(String(chunk));
        socket.destroy();
      });
      socket.on('error', reject);
    });
    expect(answer).toContain(`HTTP/1.1 ${status} `);
  }
});

test('a refusal reaches a client that reads no answer before it has sent everything', async () => {
  for (const key of [ADMIN, 'nobody-knows-this']) {
    const answer = await fetch(`${api.base}/v1/accounts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: 'x'.repeat(30 * 1024 * 1024),
    });
    expect(answer.status).toBe(key === ADMIN ? 413 : 401);
  }
});
