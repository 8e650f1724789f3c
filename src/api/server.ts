/** The HTTP server: routes from the table, each parsed, admitted, run and answered in one place. */
import { Readable } from 'node:stream';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { StoredEventUnreadable } from '../codec/event-codec.ts';
import { FactUnwritable } from '../codec/reads-back.ts';
import { accountOfDispute } from '../domain/disputes.ts';
import { RefusedForNow } from '../ledger/timing.ts';
import { AppendTooLarge, StoreUnavailable } from '../store/event-store.ts';
import { openAccess } from './access.ts';
import type { Api } from './api.ts';
import { unknownRoutes } from './http/unknown-route.ts';
import { openApi } from './openapi.ts';
import { operatorProblem } from './operator-faults.ts';
import { addParsers } from './parsers.ts';
import { ApiProblem, problemJson, problemOfRefusal, statusOf } from './problem.ts';
import { bodyOf, checkHasKey, checkNoBody, parsed, queryOf } from './request-parts.ts';
import type { Route } from './route.ts';
import { ROUTES } from './routes/all.ts';

export interface ServerSettings {
  readonly version: string;
  /** Requests that are worked on at once; more are told to come again. */
  readonly inFlightMax: number;
  readonly requestsPerSecond: number | null;
  /** Origins that browsers may call from. */
  readonly origins: readonly string[];
  readonly logger: FastifyBaseLogger | undefined;
}

export interface Health {
  /** Says why the server should get no requests now; null when it should. */
  notReady(): string | null;
  /** An append failed. */
  failed(): void;
}

const SILENCE_MS = 300_000;
const BODY_MAX = 10 * 1024 * 1024;
const PARAM_MAX = 500;
/** What is served beside the table's routes. */
const PAGES = ['/', '/healthz', '/readyz', '/metrics', '/openapi.json', '/docs'];
const HEAD_TOO = { exposeHeadRoute: true };

/** Requests and answers are checked by the table's zod schemas: fastify's compilers need not even be loaded. */
const NO_COMPILERS = {
  buildValidator: (() => () => () => true) as never,
  buildSerializer: () => () => (document: unknown) => JSON.stringify(document),
};

/** Builds the server over an API; `listen` is left to the caller. */
export const buildServer = async (
  api: Api,
  health: Health,
  settings: ServerSettings,
): Promise<FastifyInstance> => {
  const app = fastify({
    ...(settings.logger ? { loggerInstance: settings.logger } : { logger: false }),
    logController: new LogController({ disableRequestLogging: true }),
    // A stream of usage may last; a connection on which nothing comes may not.
    ...{ bodyLimit: BODY_MAX, requestTimeout: 0, connectionTimeout: SILENCE_MS },
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: PARAM_MAX },
    schemaController: { compilersFactory: NO_COMPILERS },
    frameworkErrors: (error, request, reply) => answerProblem(reply, problemOf(error, request)),
  }) as FastifyInstance;
  const { metrics } = api;
  const streams = new Set<Readable>();
  let inFlight = 0;
  const overload = () =>
    inFlight < settings.inFlightMax
      ? null
      : new ApiProblem('overloaded', 'too much is under way', {}, { 'Retry-After': '1' });

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY);
    const { origin } = request.headers;
    if (origin !== undefined && settings.origins.includes(origin)) allowOrigin(request, reply, origin);
  });
  app.addHook('preClose', async () => {
    for (const stream of streams) stream.destroy();
  });
  addParsers(app, overload);
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error, request);
    if (problem.code !== 'internal') metrics.refusals.inc({ code: problem.code });
    if (error instanceof StoreUnavailable) health.failed();
    return answerProblem(reply, problem);
  });
  const unknown = unknownRoutes(ROUTES, PAGES);
  app.setNotFoundHandler((request, reply) => answerProblem(reply, unknown(request.method, request.url)));

  const access = openAccess(api, settings.requestsPerSecond);
  const handler = (route: Route) => async (request: FastifyRequest, reply: FastifyReply) => {
    const refused = overload();
    if (refused) throw refused;
    inFlight += 1;
    try {
      const key = await access.admit(route, request.headers, accountNamed(request.params));
      if (route.method === 'GET') checkNoBody(request.headers);
      const query = queryOf(route.query, request.query);
      const isDry = route.tryOut !== null && (query as { dryRun?: string }).dryRun === 'true';
      if (route.needsKey && !isDry) checkHasKey(request.headers);
      const run = isDry && route.tryOut ? route.tryOut : route.handle;
      const answer = await run(api, {
        params: parsed(route.params, request.params, 'path') as never,
        query: query as never,
        body: bodyOf(route, request.body) as never,
        key,
        headers: request.headers,
        requestId: request.id,
        raw: request.body as Readable,
      });
      reply.code(answer.status);
      if (answer.headers) reply.headers(answer.headers);
      if (isDry) reply.header('Dry-Run', 'true');
      if (answer.body instanceof Readable) {
        const stream = answer.body;
        streams.add(stream);
        stream.once('close', () => streams.delete(stream));
        return reply.send(stream);
      }
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(answer.body));
    } finally {
      inFlight -= 1;
    }
  };

  // Made when it is first asked for: a server that starts again should answer soon.
  let made: ReturnType<typeof openApi> | null = null;
  const document = () => {
    made ??= openApi(ROUTES, settings.version);
    return made;
  };
  await app.register(swagger, {
    mode: 'static',
    specification: { document: { toJSON: document } as never },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  app.get('/openapi.json', HEAD_TOO, async (_request, reply) => reply.send(document()));
  app.get('/', HEAD_TOO, async (_request, reply) => reply.redirect('/docs'));
  app.get('/healthz', HEAD_TOO, async () => ({ status: 'ok' }));
  app.get('/readyz', HEAD_TOO, async (_request, reply) => {
    const why = health.notReady();
    return reply
      .code(why === null ? 200 : 503)
      .send(why === null ? { status: 'ready' } : { status: 'not ready', why });
  });
  app.get('/metrics', HEAD_TOO, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  for (const route of ROUTES) {
    const url = `/v1${route.path}`;
    app.route({
      method: route.method,
      url,
      // Here too, so that not even the body is read.
      onRequest: (_request, _reply, done) => done(overload() ?? undefined),
      handler: handler(route),
    });
  }
  app.addHook('onResponse', async (request, reply) => {
    const name = `${request.method} ${request.routeOptions.url ?? 'unknown'}`;
    metrics.requests.inc({ route: name, status: String(reply.statusCode) });
    metrics.seconds.observe({ route: name }, reply.elapsedTime / 1_000);
    if (reply.statusCode >= 500)
      request.log.warn({ route: name, status: reply.statusCode }, 'answered with an error');
    else request.log.debug({ route: name, status: reply.statusCode, ms: reply.elapsedTime }, 'answered');
  });
  return app;
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

const allowOrigin = (request: FastifyRequest, reply: FastifyReply, origin: string): void => {
  reply.headers({ 'Access-Control-Allow-Origin': origin, Vary: 'Origin' });
  if (request.method !== 'OPTIONS') return;
  reply.headers({
    'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE',
    'Access-Control-Allow-Headers': 'authorization, content-type, idempotency-key, x-actor, x-reason',
    'Access-Control-Max-Age': '600',
  });
  reply.code(204).send();
};

/** Any error as a problem; what nobody foresaw is logged and told as `internal`. */
const problemOf = (error: unknown, request: FastifyRequest): ApiProblem => {
  if (error instanceof ApiProblem) return error;
  if (error instanceof RefusedForNow) return problemOfRefusal(error.refusal);
  if (error instanceof StoreUnavailable)
    return new ApiProblem('store_unavailable', error.message, {}, { 'Retry-After': '1' });
  if (error instanceof FactUnwritable) {
    request.log.error({ err: error }, 'what could not be read again was not recorded');
    return new ApiProblem('fact_unwritable', error.message, { stream: error.stream, fact: error.type });
  }
  if (error instanceof StoredEventUnreadable) {
    const { stream, revision, message } = error;
    request.log.error({ stream, revision }, message);
    return new ApiProblem('stream_unreadable', message, { stream, revision });
  }
  if (error instanceof AppendTooLarge) return new ApiProblem('body_too_large', error.message);
  const { code, statusCode, message } = error as { code?: string; statusCode?: number; message?: string };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new ApiProblem('body_too_large', `a body has at most ${BODY_MAX} bytes`);
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new ApiProblem('media_type_unsupported', 'send application/json');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new ApiProblem('invalid_request', message ?? 'the request is malformed');
  request.log.error({ err: error }, 'unforeseen');
  const known = operatorProblem(error);
  if (known) return known;
  return new ApiProblem('internal', 'this should not have happened; it is in the log', {
    request: request.id,
  });
};

/** The account that a path is about: its own part, or that of a dispute's id. */
const accountNamed = (params: unknown): string | undefined => {
  const { account, dispute } = params as { readonly account?: string; readonly dispute?: string };
  return account ?? (dispute === undefined ? undefined : (accountOfDispute(dispute) ?? undefined));
};
