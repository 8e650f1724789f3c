/** The HTTP server: routes from the table, each parsed, admitted, run and answered in one place. */
import type { Readable } from 'node:stream';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { StoreUnavailable } from '../../eventstore/event-store.ts';
import { ROUTES } from '../routes/all.ts';
import { openAccess } from './access.ts';
import type { Api } from './api.ts';
import { openBodyBudget } from './body/body-budget.ts';
import { drain, keepForRest } from './body/drain-body.ts';
import { addParsers } from './body/parsers.ts';
import { type BuiltFile, type Dashboard, openDashboard } from './dashboard.ts';
import { addPages, READINESS } from './pages.ts';
import { problemOf } from './problems/error-problem.ts';
import { answerConnect, malformedAnswers } from './problems/malformed.ts';
import { type ApiProblem, type ProblemCode, problemJson, statusOf } from './problems/problem.ts';
import { takesHead, type Unknown, unknownRoutes } from './problems/unknown-route.ts';
import { decorate, openHandling } from './request-pipeline.ts';
import { badUrl, checkUrl, PARAM_MAX, readHeaders } from './request-text.ts';

export interface ServerSettings {
  readonly version: string;
  /** Most concurrent requests; more are refused with Retry-After. */
  readonly inFlightMax: number;
  readonly requestsPerSecond: number | null;
  /** Origins that browsers may call from. */
  readonly origins: readonly string[];
  readonly logger: FastifyBaseLogger | undefined;
  /** The built dashboard's files; none: `/` leads to the documentation of the API. */
  readonly dashboard: readonly BuiltFile[];
}

export interface Health {
  /** Why the server is not ready; null if it is. */
  notReady(): string | null;
  /** An append failed. */
  failed(): void;
  /** Why all requests are refused now; null if they are not. */
  refusing(): string | null;
  /** Calls back when that begins, to end streams. */
  onRefusing(listener: () => void): void;
}

const SILENCE_MS = 300_000;

/** Requests and answers are checked by the table's zod schemas: fastify's compilers need not even be loaded. */
const NO_COMPILERS = {
  buildValidator: (() => () => () => true) as never,
  buildSerializer: () => () => (document: unknown) => JSON.stringify(document),
};

/** Builds the server over an API; the caller calls `listen`. */
export const buildServer = async (
  api: Api,
  health: Health,
  settings: ServerSettings,
): Promise<FastifyInstance> => {
  const count = (code: ProblemCode): void => api.metrics.refusals.inc({ code });
  const app = fastify({
    ...(settings.logger ? { loggerInstance: settings.logger } : { logger: false }),
    logController: new LogController({ disableRequestLogging: true }),
    // A usage stream may last long, but not stay idle.
    ...{ requestTimeout: 0, connectionTimeout: SILENCE_MS },
    forceCloseConnections: 'idle',
    // A missing Host is refused like other requests, with a problem.
    http: { requireHostHeader: false },
    exposeHeadRoutes: true,
    routerOptions: { maxParamLength: PARAM_MAX },
    schemaController: { compilersFactory: NO_COMPILERS },
    clientErrorHandler: malformedAnswers(count),
    frameworkErrors: (_error, request, reply) => {
      const problem = badUrl(request.url);
      count(problem.code);
      return answerProblem(reply, problem);
    },
  }) as FastifyInstance;
  const streams = new Set<Readable>();
  const pages: string[] = [];
  const unknown = unknownRoutes(ROUTES, pages);
  const dashboard = openDashboard(settings.dashboard);
  // An expectation is refused like other headers, by the hooks.
  app.server.on('checkExpectation', app.routing);
  app.server.on('connect', (request, socket) => {
    const problem = unknown('CONNECT', request.url ?? '');
    count(problem.code);
    answerConnect(problem, socket);
  });
  addHooks(app, settings, unknown, dashboard);
  endingStreams(app, health, streams);
  addParsers(app);
  decorate(app);
  answerProblems(app, { api, health, unknown, dashboard });
  countAnswers(app, api);
  const { admit, handle } = openHandling({
    api,
    access: openAccess(api, settings.requestsPerSecond),
    budget: openBodyBudget(),
    inFlightMax: settings.inFlightMax,
    refusing: health.refusing,
    streams,
  });
  const onPage = (path: string) => pages.push(path);
  await addPages(app, { api, health, version: settings.version, onPage, dashboard });
  for (const route of ROUTES) {
    const url = `/v1${route.path}`;
    app.route({
      method: route.method,
      url,
      exposeHeadRoute: takesHead(route),
      onRequest: admit(route),
      handler: handle(route),
    });
  }
  return app;
};

/** Synchronous hooks take a callback, which is cheaper than a promise per request. */
const addHooks = (
  app: FastifyInstance,
  settings: ServerSettings,
  unknown: Unknown,
  dashboard: Dashboard,
): void => {
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(SECURITY);
    checkUrl(request.url);
    readHeaders(request.raw);
    const { origin } = request.headers;
    if (origin !== undefined && settings.origins.includes(origin) && allowOrigin(request, reply, origin))
      return;
    // Before the framework looks at the body of a request that has no route.
    if (request.is404 && !dashboard.isAsked(request)) throw unknown(request.method, request.url);
    done();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    keepForRest(request.raw, reply.raw);
    done(null, payload);
  });
};

/** Ends streams when the server stops or refuses requests. */
const endingStreams = (app: FastifyInstance, health: Health, streams: ReadonlySet<Readable>): void => {
  const endStreams = (): void => {
    for (const stream of streams) stream.destroy();
  };
  app.addHook('preClose', async () => endStreams());
  health.onRefusing(endStreams);
};

interface AnswersOf {
  readonly api: Api;
  readonly health: Health;
  readonly unknown: Unknown;
  readonly dashboard: Dashboard;
}

/** Errors become problems; an address without a route is a page of the dashboard, or a problem. */
const answerProblems = (app: FastifyInstance, { api, health, unknown, dashboard }: AnswersOf): void => {
  const { metrics, ledger } = api;
  app.setErrorHandler(async (error, request, reply) => {
    // The answer is the error, also where the event cannot be looked at again.
    await ledger.metUnreadable(error).catch(() => undefined);
    const problem = problemOf(error, request);
    if (problem.code !== 'internal') metrics.refusals.inc({ code: problem.code });
    if (error instanceof StoreUnavailable) health.failed();
    return answerProblem(reply, problem);
  });
  app.setNotFoundHandler((request, reply) =>
    dashboard.isAsked(request)
      ? dashboard.answer(reply)
      : answerProblem(reply, unknown(request.method, request.url)),
  );
};

const countAnswers = (app: FastifyInstance, { metrics }: Api): void => {
  app.addHook('onResponse', (request, reply, done) => {
    drain(request.raw);
    const name = `${request.method} ${request.routeOptions.url ?? 'unknown'}`;
    metrics.requests.inc({ route: name, status: String(reply.statusCode) });
    metrics.seconds.observe({ route: name }, reply.elapsedTime / 1_000);
    if (reply.statusCode >= 500 && request.routeOptions.url !== READINESS)
      request.log.warn({ route: name, status: reply.statusCode }, 'answered with an error');
    else request.log.debug({ route: name, status: reply.statusCode, ms: reply.elapsedTime }, 'answered');
    done();
  });
};

const PROBLEM = 'application/problem+json; charset=utf-8';
const answerProblem = (reply: FastifyReply, problem: ApiProblem): FastifyReply =>
  reply
    .code(statusOf(problem.code))
    .headers(problem.headers)
    .type(PROBLEM)
    .send(JSON.stringify(problemJson(problem)));

const SECURITY = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

/** Sets CORS headers; true if that answers the request. */
const allowOrigin = (request: FastifyRequest, reply: FastifyReply, origin: string): boolean => {
  reply.headers({ 'Access-Control-Allow-Origin': origin, Vary: 'Origin' });
  if (request.method !== 'OPTIONS') return false;
  reply.headers({
    'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE',
    'Access-Control-Allow-Headers': 'authorization, content-type, idempotency-key, x-actor, x-reason',
    'Access-Control-Max-Age': '600',
  });
  reply.code(204).send();
  return true;
};
