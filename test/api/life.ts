/** The examples of all routes in the order of a life, so that each finds what it needs. */
import { readFileSync } from 'node:fs';
import type { Route } from '../../src/api/http/route.ts';
import { ROUTES } from '../../src/api/routes/all.ts';
import type { Answered, ServedApi } from '../support/api.ts';

/** A small book for the examples that publish one. */
const BOOK = readFileSync(
  new URL('../../price-books/face-recognition-2019-01.json', import.meta.url),
  'utf8',
).replaceAll('face-recognition', 'sms');

export const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;

/** Examples that end something. */
const LAST = ['DELETE /keys/:key', 'DELETE /webhooks/:webhook'];

const rank = ({ path, method }: Route): number => {
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
};

/** All routes; what never ends is left out. */
export const LIFE: readonly Route[] = ROUTES.filter(({ path }) => path !== '/stream').sort(
  (a, b) => Number(LAST.includes(nameOf(a))) - Number(LAST.includes(nameOf(b))) || rank(a) - rank(b),
);

/** A life that is lived: what earlier answers named is known to later examples. */
export const life = (api: ServedApi) => {
  const known: Record<string, string> = {};
  const pathOf = ({ example }: Route): string =>
    example.path.replace(/:([a-z]+)/g, (_, name) => known[name] ?? `no-${name}`);
  const bodyOf = ({ example }: Route): unknown =>
    example.body === 'example-book' ? JSON.parse(BOOK) : example.body;
  return {
    /** Sends an example, changed by `more` at the end of its path. */
    send: (
      route: Route,
      more = '',
      headers: Readonly<Record<string, string>> = {},
      body: unknown = bodyOf(route),
    ) => api.send(route.method, `${pathOf(route)}${more}`, body, headers),
    bodyOf,
    /** Before an example whose time is not the beginning. */
    until: async ({ path }: Route): Promise<void> => {
      if (path === '/usage') await api.ok('PUT', '/clock', { now: '2019-01-06T00:00:00+08:00' });
    },
    /** What a refusal names is not there. */
    learn: (route: Route, { status, body }: Answered): void => {
      if (status >= 300) return;
      if (route.path === '/signing-keys' && route.method === 'POST') known['signing'] = body.id;
      for (const name of ['key', 'webhook', 'job']) if (body[name]) known[name] = body[name];
    },
  };
};
