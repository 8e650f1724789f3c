/** The example of every route, run in the order of a life; each answer is what the document says. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Route } from '../../src/api/route.ts';
import { ROUTES } from '../../src/api/routes/all.ts';
import { problem } from '../../src/api/shapes.ts';
import { type ServedApi, served } from '../support/api.ts';

let api: ServedApi;
beforeAll(async () => {
  api = await served();
});
afterAll(() => api.stop());

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, { operationId: string }>>;
}

/** A small book for the examples that publish one. */
const BOOK = readFileSync(
  new URL('../../price-books/face-recognition-2019-01.json', import.meta.url),
  'utf8',
).replaceAll('face-recognition', 'sms');

const known: Record<string, string> = {};
const nameOf = ({ method, path }: Route): string => `${method} ${path}`;
/** Examples that others need, and those that end something, in their places. */
const LAST = ['DELETE /keys/:key', 'DELETE /webhooks/:webhook'];
const order = [...ROUTES].sort(
  (a, b) => Number(LAST.includes(nameOf(a))) - Number(LAST.includes(nameOf(b))) || rank(a) - rank(b),
);
function rank({ path, method }: Route): number {
  if (path === '/accounts' && method === 'POST') return 0;
  if (path.endsWith('/services')) return 1;
  if (path.endsWith('/deposits')) return 2;
  if (path === '/clock' && method === 'PUT') return 4;
  if (
    path.includes('/bills') ||
    path.endsWith('/close') ||
    path.includes('/jobs') ||
    path.includes('/estimate')
  )
    return path.endsWith('/close') ? 5 : 6;
  return path === '/usage' ? 3 : 7;
}

test('every route has an example that does what it says', async () => {
  for (const route of order) {
    if (route.path === '/stream') continue;
    if (route.path === '/usage') await api.ok('PUT', '/clock', { now: '2019-01-06T00:00:00+08:00' });
    const { example } = route;
    const path = example.path.replace(/:([a-z]+)/g, (_, name) => known[name] ?? `no-${name}`);
    const body = example.body === 'example-book' ? JSON.parse(BOOK) : example.body;
    const answer = await api.send(route.method, path, body);
    expect([nameOf(route), answer.status, answer.body.code]).toEqual([
      nameOf(route),
      example.status,
      answer.body.code,
    ]);
    const schema = route.answers[answer.status]?.schema ?? problem;
    const checked = schema.safeParse(answer.body);
    expect(checked.error?.message, nameOf(route)).toBeUndefined();
    if (route.path === '/signing-keys' && route.method === 'POST') known['signing'] = answer.body.id;
    for (const name of ['key', 'webhook', 'job']) if (answer.body[name]) known[name] = answer.body[name];
  }
});

test('the document names every route, and each operation once', async () => {
  const document = (await (await fetch(`${api.base}/openapi.json`)).json()) as Document;
  expect(document.openapi).toBe('3.1.0');
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(operations.length).toBe(ROUTES.length);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(ROUTES.length);
  const page = await fetch(`${api.base}/docs/`);
  expect(page.status).toBe(200);
  expect(await page.text()).not.toMatch(/(src|href)="https?:/);
});
