/** Answers unknown routes: 405 if the path has other methods, else 404. */

import { EVENT_STREAM } from './media-type.ts';
import { ApiProblem } from './problem.ts';
import type { Route } from './route.ts';

interface Known {
  readonly path: RegExp;
  readonly methods: string[];
}

/** Covers the routes of the table, and other paths that accept GET and HEAD. */
export const unknownRoutes = (
  routes: readonly Route[],
  pages: readonly string[],
): ((method: string, url: string) => ApiProblem) => {
  const known = new Map<string, Known>(
    pages.map((page) => [page, { path: patternOf(page), methods: ['GET', 'HEAD'] }]),
  );
  for (const route of routes) {
    const { method, path } = route;
    const { methods } = known.get(path) ?? { methods: [] };
    const own = takesHead(route) ? [method, 'HEAD'] : [method];
    known.set(path, { path: patternOf(`/v1${path}`), methods: [...methods, ...own] });
  }
  return (method, url) => {
    const [path = ''] = url.split('?');
    const methods = [...known.values()].flatMap((one) => (one.path.test(path) ? one.methods : []));
    if (methods.length === 0)
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
  new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/:[a-z]+/gi, '[^/]+')}$`);
