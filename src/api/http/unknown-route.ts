/** What is answered where a path and a method lead nowhere: 405 where the path has other methods, else 404. */
import { ApiProblem } from '../problem.ts';
import type { Route } from '../route.ts';

interface Known {
  readonly path: RegExp;
  readonly methods: string[];
}

/** Answers for the routes of the table, and for paths beside them that take GET and HEAD. */
export const unknownRoutes = (
  routes: readonly Route[],
  pages: readonly string[],
): ((method: string, url: string) => ApiProblem) => {
  const known = new Map<string, Known>(
    pages.map((page) => [page, { path: patternOf(page), methods: ['GET', 'HEAD'] }]),
  );
  for (const { method, path } of routes) {
    const { methods } = known.get(path) ?? { methods: [] };
    known.set(path, { path: patternOf(`/v1${path}`), methods: [...methods, method] });
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

/** Characters of a path that a message shows. */
const SHOWN = 200;

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/:[a-z]+/gi, '[^/]+')}$`);
