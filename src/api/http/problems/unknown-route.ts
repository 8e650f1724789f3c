/** Answers unknown routes: 405 if the path has other methods, else 404. */

import { nearest } from '../../../text/nearest.ts';
import { EVENT_STREAM } from '../body/media-type.ts';
import type { Route } from '../route.ts';
import { ApiProblem } from './problem.ts';

interface Known {
  readonly path: RegExp;
  readonly methods: string[];
}

/** The problem for a request that has no route. */
export type Unknown = (method: string, url: string) => ApiProblem;

/** Covers the routes of the table, and pages, which accept GET and HEAD; pages may be added later. */
export const unknownRoutes = (routes: readonly Route[], pages: readonly string[]): Unknown => {
  const known = new Map<string, Known>();
  for (const route of routes) {
    const { method, path } = route;
    const { methods } = known.get(path) ?? { methods: [] };
    const own = takesHead(route) ? [method, 'HEAD'] : [method];
    known.set(path, { path: patternOf(`/v1${path}`), methods: [...methods, ...own] });
  }
  return (method, url) => {
    const [path = ''] = url.split('?');
    const methods = [...known.values()].flatMap((one) => (one.path.test(path) ? one.methods : []));
    if (pages.some((page) => patternOf(page).test(path))) methods.push('GET', 'HEAD');
    // A page's own method: a file that is not there.
    if (methods.length === 0 || methods.includes(method)) {
      const meant = methods.length === 0 ? meantPath(path, known.keys()) : null;
      const asked = meant === null ? '' : `; did you mean ${meant}?`;
      const members = meant === null ? {} : { nearest: meant };
      return new ApiProblem(
        'route_unknown',
        `there is no ${method} ${path.slice(0, SHOWN)}${asked}`,
        members,
      );
    }
    const allowed = [...new Set(methods)].sort().join(', ');
    return new ApiProblem(
      'method_not_allowed',
      `${path.slice(0, SHOWN)} takes ${allowed}, not ${method}`,
      {},
      { Allow: allowed },
    );
  };
};

/** HEAD is supported wherever GET is, as HTTP requires, except for an endless stream. */
export const takesHead = ({ method, answers }: Route): boolean =>
  method === 'GET' && Object.values(answers).every(({ media }) => media !== EVENT_STREAM);

/**
 * The path that an unknown one was probably meant to be, or null: one with as many parts of which at most one is misspelt,
 * with the given ids, also where the version is left out. Parts are compared one by one, which is cheap for any path.
 */
const meantPath = (path: string, known: Iterable<string>): string | null => {
  if (path.length > SHOWN) return null;
  const given = path.replace(/^\/v1(?=\/|$)/, '').split('/');
  const candidates = new Map<string, string>();
  let misspelt = '';
  for (const one of known) {
    const parts = one.split('/');
    if (parts.length !== given.length) continue;
    const differing = parts.flatMap((part, i) => (part.startsWith(':') || part === given[i] ? [] : [i]));
    const [at] = differing;
    if (at === undefined) return `/v1${given.join('/')}`;
    const word = parts[at] ?? '';
    if (differing.length > 1 || nearest(given[at] ?? '', [word]) === null) continue;
    misspelt = given[at] ?? '';
    candidates.set(word, `/v1${given.with(at, word).join('/')}`);
  }
  return candidates.get(nearest(misspelt, candidates.keys()) ?? '') ?? null;
};

/** Characters of a path that a message shows. */
const SHOWN = 200;

const patternOf = (path: string): RegExp =>
  new RegExp(
    `^${path
      .replace(/[.]/g, '\\.')
      .replace(/:[a-z]+/gi, '[^/]+')
      .replace(/[*]$/, '.*')}$`,
  );
