/** Answers unknown routes: 405 if the path has other methods, else 404. */

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
    if (methods.length === 0 || methods.includes(method))
      return new ApiProblem('route_unknown', `there is no ${method} ${path.slice(0, SHOWN)}`);
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

/** Characters of a path that a message shows. */
const SHOWN = 200;

const patternOf = (path: string): RegExp =>
  new RegExp(
    `^${path
      .replace(/[.]/g, '\\.')
      .replace(/:[a-z]+/gi, '[^/]+')
      .replace(/[*]$/, '.*')}$`,
  );
