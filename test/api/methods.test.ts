/** Methods: HEAD where a probe may use it, and 405 with what is allowed where a path is known by other methods. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { takesHead } from '../../src/api/http/problems/unknown-route.ts';
import { ROUTES } from '../../src/api/routes/all.ts';
import { ADMIN, type ServedApi, served, withAccount } from '../support/api.ts';

let api: ServedApi;
beforeAll(async () => {
  api = await served();
});
afterAll(() => api.stop());

const PAGES = [
  ...['/', '/healthz', '/readyz', '/metrics', '/openapi.json', '/docs', '/docs/json', '/docs/yaml'],
  ...['/docs/static/index.css', '/docs/static/index.html', '/docs/static/swagger-initializer.js'],
];
test.each([...PAGES, '/docs/'])('HEAD %s answers as GET does, without the body', async (path) => {
  const [get, head] = await Promise.all(
    ['GET', 'HEAD'].map((method) => fetch(`${api.base}${path}`, { method, redirect: 'manual' })),
  );
  expect(head?.status).toBe(get?.status);
  expect(head?.headers.get('content-type')).toBe(get?.headers.get('content-type'));
  expect(await head?.text()).toBe('');
});

test('HEAD of every read answers as GET does, without the body; but of a stream, which has no end', async () => {
  await withAccount(api);
  const reads = ROUTES.filter(({ method }) => method === 'GET');
  for (const { path, example } of reads) {
    const asked = (method: string) =>
      fetch(`${api.base}/v1${example.path}`, { method, headers: { authorization: `Bearer ${ADMIN}` } });
    const head = await asked('HEAD');
    expect(await head.text()).toBe('');
    if (path === '/stream') expect(head.status).toBe(405);
    else {
      const get = await asked('GET');
      await get.text();
      expect([path, head.status, head.headers.get('content-type')]).toEqual([
        path,
        get.status,
        get.headers.get('content-type'),
      ]);
    }
  }
  const nobody = await fetch(`${api.base}/v1/accounts`, { method: 'HEAD' });
  expect(nobody.status).toBe(401);
});

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'];
const byPath = Map.groupBy(ROUTES, ({ path }) => path);

test.each([...byPath])('%s says which methods it takes', async (path, routes) => {
  const own = routes.flatMap((one) => (takesHead(one) ? [one.method, 'HEAD'] : [one.method as string]));
  for (const method of METHODS.filter((one) => !own.includes(one))) {
    const answer = await api.send(method, path.replace(/:[a-z]+/g, 'none'));
    expect([method, answer.status, answer.body.code]).toEqual([method, 405, 'method_not_allowed']);
    expect(answer.headers.get('allow')?.split(', ')).toEqual([...own].sort());
  }
});

test('what is no path of the interface is 404, whatever the method', async () => {
  for (const method of METHODS) {
    const answer = await api.send(method, '/accounts/acme/none/such');
    expect([answer.status, answer.body.code]).toEqual([404, 'route_unknown']);
  }
});

test.each(PAGES)('%s takes only GET and HEAD', async (page) => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const answer = await fetch(`${api.base}${page}`, { method });
    expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, 'GET, HEAD']);
  }
});

test('a file of the documentation that is not there is 404', async () => {
  for (const method of ['GET', 'HEAD'])
    expect((await fetch(`${api.base}/docs/static/none.css`, { method })).status).toBe(404);
});

test.each([
  ['/v1/acounts', '/v1/accounts'],
  ['/v1/accounts/acme/deposit', '/v1/accounts/acme/deposits'],
  ['/v1/acounts/acme/deposits', '/v1/accounts/acme/deposits'],
  ['/v1/Usage', '/v1/usage'],
  ['/accounts/acme', '/v1/accounts/acme'],
  ['/v1/none', undefined],
  ['/v1/acounts/acme/deposit', undefined],
  [`/v1/acounts/${'a'.repeat(300)}`, undefined],
])('%s: the nearest path is %s', async (path, nearest) => {
  const answer = await fetch(`${api.base}${path}`, { headers: { authorization: `Bearer ${ADMIN}` } });
  const problem = (await answer.json()) as { code: string; detail: string; nearest?: string };
  expect([answer.status, problem.code, problem.nearest]).toEqual([404, 'route_unknown', nearest]);
  expect(problem.detail.endsWith(`; did you mean ${nearest}?`)).toBe(nearest !== undefined);
});
