/** What a route does not know is refused, never ignored: generated from the table, for each parameter and field there is. */

import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Route } from '../../src/api/http/route.ts';
import { ROUTES } from '../../src/api/routes/all.ts';
import { fieldsAt, openObjects, unwrapped } from '../../src/input/schema-walk.ts';
import { ADMIN, type Answered, type ServedApi, served, usage, withAccount } from '../support/api.ts';
import { LIFE, life, nameOf } from './life.ts';

let api: ServedApi;
beforeAll(async () => {
  api = await served();
  await withAccount(api);
});
afterAll(() => api.stop());

const refusedFor = ({ status, body }: Answered) => [status, body.code, body.field];
/** A slip of the pen: the last letter twice. */
const slip = (name: string): string => `${name}${name.at(-1)}`;
const TABLE = LIFE.map((route) => [nameOf(route), route] as const);
const BODIES = TABLE.filter(([, { body }]) => body !== null);
const JUDGED = ROUTES.filter(({ bodyIsJudged }) => bodyIsJudged).map(nameOf);

/** An example's path, with a query that says a parameter its own way. */
const asking = ({ example }: Route, name: string, values: readonly string[]): string => {
  const [path = '', query = ''] = example.path.replace(/:[a-z]+/g, 'none').split('?');
  const others = query.split('&').filter((one) => one !== '' && !one.startsWith(`${name}=`));
  return `${path}?${[...others, ...values.map((value) => `${name}=${value}`)].join('&')}`;
};
const asked = (route: Route, name: string, values: readonly string[]): Promise<Answered> =>
  api.send(route.method, asking(route, name, values), route.body === null ? undefined : {});

describe.each(TABLE)('%s', (_, route) => {
  const known = Object.keys(route.query.shape);

  test('refuses a query parameter that it does not know, and names the nearest', async () => {
    expect(refusedFor(await asked(route, 'nothing-like-it', ['1']))).toEqual([
      400,
      'invalid_request',
      'nothing-like-it',
    ]);
    for (const name of known) {
      const answer = await asked(route, slip(name), ['1']);
      expect([...refusedFor(answer), answer.body.nearest]).toEqual([
        400,
        'invalid_request',
        slip(name),
        name,
      ]);
      expect(answer.body.detail).toContain(`did you mean ${name}?`);
    }
  });

  test('refuses a parameter that is given twice', async () => {
    for (const name of known)
      expect(refusedFor(await asked(route, name, ['1', '1']))).toEqual([400, 'invalid_request', name]);
  });

  test('refuses a value that a parameter does not have, and names the nearest', async () => {
    for (const name of known) {
      const own = unwrapped(route.query.shape[name] as z.ZodType);
      if (!(own instanceof z.ZodEnum)) continue;
      const [first = ''] = own.options.map(String);
      const answer = await asked(route, name, [slip(first)]);
      expect([...refusedFor(answer), answer.body.nearest]).toEqual([400, 'invalid_request', name, first]);
    }
  });

  if (route.method !== 'GET' && route.body === null)
    test('refuses the fields of a body, since it takes none', async () => {
      const path = route.path.replace(/:[a-z]+/g, (name) => (name === ':month' ? '2019-01' : 'a:1'));
      const account = path.replace('accounts/a:1', 'accounts/acme');
      const withFields = await api.send(route.method, account, { dryRun: true });
      expect(refusedFor(withFields)).toEqual([400, 'invalid_request', 'dryRun']);
      expect(refusedFor(await api.send(route.method, account, [1]))).toEqual([
        400,
        'invalid_request',
        'body',
      ]);
    });
});

interface Level {
  readonly path: readonly (string | number)[];
  readonly value: Readonly<Record<string, unknown>>;
}

/** Every object of a value, with where it lies. */
const levelsOf = (value: unknown, path: Level['path'] = []): Level[] => {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).flatMap(([name, inner]) =>
    levelsOf(inner, [...path, Array.isArray(value) ? Number(name) : name]),
  );
  return Array.isArray(value) ? inside : [{ path, value: { ...value } }, ...inside];
};

const withField = (value: unknown, path: Level['path'], name: string): unknown => {
  const [step, ...rest] = path;
  if (step === undefined) return { ...(value as object), [name]: 1 };
  if (Array.isArray(value)) return value.map((item, i) => (i === step ? withField(item, rest, name) : item));
  return { ...(value as object), [step]: withField((value as Record<string, unknown>)[step], rest, name) };
};

describe.each(BODIES)('the body of %s', (name, route) => {
  test('is strict all through, or looked at field by field', () => {
    if (!JUDGED.includes(name)) expect(openObjects(route.body as z.ZodType)).toEqual([]);
  });

  if (JUDGED.includes(name)) return;
  test('has no field, however deep, that the route does not know', async () => {
    const { send, bodyOf } = life(api);
    for (const { path, value } of levelsOf(bodyOf(route))) {
      const [first = ''] = Object.keys(value);
      const field = [...path, slip(first)].join('.');
      const answer = await send(route, '', {}, withField(bodyOf(route), path, slip(first)));
      expect([...refusedFor(answer), answer.body.nearest]).toEqual([400, 'invalid_request', field, first]);
      expect(fieldsAt(route.body as z.ZodType, path)).toContain(first);
    }
  });
});

test.each(BODIES.filter(([name]) => name !== 'POST /usage'))(
  'the body of %s has no __proto__, which a parser may leave out unseen',
  async (_, route) => {
    const { send, bodyOf } = life(api);
    const body = JSON.parse(`{"__proto__":{},${JSON.stringify(bodyOf(route)).slice(1)}`);
    const answer = await send(route, '', {}, body);
    if (nameOf(route) === 'POST /price-books/lint') expect(answer.body.problems[0].path).toBe('__proto__');
    else expect(refusedFor(answer)).toEqual([expect.toBeOneOf([400, 422]), expect.anything(), '__proto__']);
  },
);

test('the bodies that their handlers judge are those of usage and price books', () => {
  expect(JUDGED).toEqual(['POST /usage', 'PUT /price-books/:product/:edition', 'POST /price-books/lint']);
});

test('a price book has no field, however deep, that is not of its shape', async () => {
  const { send, bodyOf } = life(api);
  const publish = LIFE.find((route) => nameOf(route) === 'PUT /price-books/:product/:edition');
  if (!publish) throw new Error('no route publishes');
  const book = bodyOf(publish) as Record<string, unknown>;
  const kinds = new Map(
    levelsOf(book).map((level) => [level.path.map((p) => (typeof p === 'number' ? 0 : p)).join('.'), level]),
  );
  for (const { path } of kinds.values()) {
    const answer = await send(publish, '', {}, withField(book, path, 'unheard-of'));
    expect([answer.status, answer.body.code, answer.body.field]).toEqual([
      422,
      'book_malformed',
      [...path, 'unheard-of'].join('.'),
    ]);
  }
});

test.each([
  ['data', { data: { interface: 'face-recognition/compare', calls: 5, cals: 500 } }],
  [
    'data, as a count of something else',
    { data: { interface: 'face-recognition/compare', calls: 5, quantity: 500 } },
  ],
])('a record with an unknown field in its %s is refused', async (_, more) => {
  const { body } = await api.ok('POST', '/usage', usage('unknown-field', more));
  expect(body).toMatchObject({ accepted: 0, refused: 1, results: [{ code: 'invalid_record' }] });
});

test('attributes that CloudEvents allow to add are no reason to refuse a record', async () => {
  const more = {
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01',
    datacontenttype: 'application/json',
  };
  expect((await api.ok('POST', '/usage', usage('extended', more))).body.accepted).toBe(1);
});

// The dashboard's pages take parameters; `/` is one of them where it is built.
const PAGES = [
  ...['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs', '/docs/', '/docs/json', '/docs/yaml'],
  ...['/docs/static/index.html', '/docs/static/swagger-ui.css'],
];
test.each(PAGES)('the page %s takes no parameter', async (page) => {
  for (const [query, field] of [
    ['verbose=1', 'verbose'],
    ['_', '_'],
    ['name[]=up&name[]=down', 'name[]'],
    ['dryRun=true', 'dryRun'],
  ] as const)
    for (const method of ['GET', 'HEAD']) {
      const answer = await fetch(`${api.base}${page}?${query}`, { method, redirect: 'manual' });
      expect([method, answer.status]).toEqual([method, 400]);
      const text = await answer.text();
      if (method === 'GET') expect(JSON.parse(text)).toMatchObject({ code: 'invalid_request', field });
    }
  const bare = await fetch(`${api.base}${page}?`, { redirect: 'manual' });
  expect(bare.status).toBeOneOf([200, 302]);
});

test('the page of the document refers to no page with a parameter', async () => {
  for (const path of ['/docs', '/docs/static/swagger-initializer.js']) {
    const text = await (await fetch(`${api.base}${path}`)).text();
    expect(
      [...text.matchAll(/(?:src|href|url)["']?\s*[=:]\s*["']([^"']*)/g)].map(([, url]) => url),
    ).not.toContain(expect.stringContaining('?'));
  }
});

test('a body of a read is refused', async () => {
  const body = '{"limit":1}';
  const headers = { authorization: `Bearer ${ADMIN}`, 'content-length': String(body.length) };
  const { port } = new URL(api.base);
  const answer = await new Promise((resolve, reject) => {
    const sent = request({ port, path: '/v1/accounts', method: 'GET', headers }, (response) => {
      text(response).then((json) => resolve([response.statusCode, JSON.parse(json).code]), reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
  expect(answer).toEqual([400, 'invalid_request']);
});

test.each([
  ['/stream?types=bill.issued', 400, 'types', 'MonthClosed'],
  ['/stream?types=MonthClose', 400, 'types', 'MonthClosed'],
  ['/stream?account=nobody', 404, 'account', undefined],
  ['/accounts/acme/usage?by=record&meter=face-recognition/compar', 404, 'meter', 'face-recognition/compare'],
  ['/accounts/acme/usage?by=day&meter=face-recognition/compare', 400, 'meter', undefined],
  ['/accounts/acme/exports/bills.csv?by=record', 400, 'by', undefined],
  ['/accounts/acme/exports/usage.csv?provider=Acme', 400, 'provider', undefined],
  ['/accounts?limit=0x10', 400, 'limit', undefined],
  ['/accounts?limit=', 400, 'limit', undefined],
  ['/accounts?limit=1e2', 400, 'limit', undefined],
])('GET %s is refused', async (path, status, field, nearest) => {
  const { status: answered, body } = await api.send('GET', path);
  expect([answered, body.nearest]).toEqual([status, nearest]);
  expect(body.field === field || field in body).toBe(true);
});
