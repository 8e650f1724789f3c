/**
 * The pipeline of a request: key, permissions and limits, before a byte of the body is read; then the body, within its
 * limits; then the route, with limited concurrency.
 */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Key } from '../../access/keyring.ts';
import { accountOfDispute } from '../../domain/disputes.ts';
import { attributesOf } from '../../input/event-binary.ts';
import type { Access } from './access.ts';
import type { Api } from './api.ts';
import type { BodyBudget } from './body/body-budget.ts';
import { checkContentType } from './body/media-type.ts';
import { type Incoming, openIncoming } from './body/request-body.ts';
import type { Reply } from './call.ts';
import { openFairShares } from './fair-shares.ts';
import { problemOf } from './problems/error-problem.ts';
import { ApiProblem } from './problems/problem.ts';
import { bodyOf, checkHasKey, checkNoBody, parsed, queryOf, wholeBody } from './request-parts.ts';
import { headerText } from './request-text.ts';
import type { Route } from './route.ts';

export interface HandlingOf {
  readonly api: Api;
  readonly access: Access;
  readonly budget: BodyBudget;
  /** Most concurrent requests; more are refused with Retry-After, and more than its share of one key. */
  readonly inFlightMax: number;
  /** Why all requests are refused now; null if they are not. */
  readonly refusing: () => string | null;
  /** Signal for streaming answers; aborted when the server stops. */
  readonly streams: Set<Readable>;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The key of a request of the table, once it is admitted. */
    admitted: Key | null;
  }
}

/** Allocates the state of a request. */
export const decorate = (app: FastifyInstance): void => {
  app.decorateRequest('admitted', null);
};

interface Admitted {
  readonly route: Route;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly key: Key;
  readonly incoming: Incoming;
  /** Null if the body streams. */
  readonly whole: Uint8Array | null;
}

/** Answers that are streamed at once: exports, and event streams, each of which looks at every append. */
export const STREAMED_MAX = 1_000;

export const openHandling = ({ api, access, budget, inFlightMax, refusing, streams }: HandlingOf) => {
  const inFlight = openFairShares(inFlightMax);
  const streamed = openFairShares(STREAMED_MAX);
  const overloaded = () => new ApiProblem('overloaded', 'too many requests are in progress');
  const checkLoad = (): void => {
    const why = refusing();
    if (why !== null) throw new ApiProblem('ledger_restored', why);
    if (inFlight.used() >= inFlightMax) throw overloaded();
  };

  const admit = (route: Route) => async (request: FastifyRequest) => {
    checkLoad();
    request.admitted = await access.admit(route, request.headers, accountNamed(request.params));
    if (route.method === 'GET') checkNoBody(request.headers);
    else checkContentType(request.headers, route.bodies);
  };

  const run = async ({ route, request, reply, key, incoming, whole }: Admitted) => {
    const query = queryOf(route.query, request.query);
    const { dryRun } = query as { dryRun?: 'true' | 'false' | 'events' };
    const isDry = route.tryOut !== null && (dryRun === 'true' || dryRun === 'events');
    if (route.needsKey && !isDry) checkHasKey(request.headers);
    const act = isDry && route.tryOut ? route.tryOut : route.handle;
    const answer = await act(api, {
      params: parsed(route.params, request.params, 'path') as never,
      query: query as never,
      body: (await bodyOf(route, whole)) as never,
      key,
      headers: request.headers,
      requestId: request.id,
      pieces: incoming.pieces,
      attributes: () =>
        attributesOf(request.raw.headersDistinct).map(([name, value]) => [name, headerText(value)]),
      problemOf: (error) => problemOf(error, request),
    });
    if (answer.body instanceof Readable && !streamed.take(key.key, 1)) {
      answer.body.destroy();
      throw overloaded();
    }
    reply.code(answer.status);
    if (answer.headers) reply.headers(answer.headers);
    if (isDry) reply.header('Dry-Run', 'true');
    if (answer.body instanceof Readable) {
      const stream = answer.body;
      streams.add(stream);
      stream.once('close', () => {
        streams.delete(stream);
        streamed.give(key.key, 1);
      });
      stream.once('error', (error) => void api.ledger.metUnreadable(error).catch(() => undefined));
      for (const [name, value] of Object.entries(answer.trailers ?? {})) reply.trailer(name, value);
      return reply.send(stream);
    }
    return reply.type('application/json; charset=utf-8').send(textOf(answer, dryRun === 'events'));
  };

  const handle = (route: Route) => async (request: FastifyRequest, reply: FastifyReply) => {
    const key = request.admitted;
    if (!key) throw new Error('a request that was not admitted');
    const raw = request.body as Readable | undefined;
    const incoming = openIncoming(raw, request.headers, budget, key.key);
    try {
      const whole = await wholeBody(route, incoming, request.headers);
      // Other requests may have started while the body was read.
      checkLoad();
      if (!inFlight.take(key.key, 1)) throw overloaded();
      if (raw && whole === null) streams.add(raw);
      try {
        return await run({ route, request, reply, key, incoming, whole });
      } finally {
        inFlight.give(key.key, 1);
      }
    } finally {
      if (raw) streams.delete(raw);
      incoming.done();
    }
  };

  return { admit, handle };
};

/** The answer's text; of a dry run with the events it would record. Throws for a route that does not say them. */
const textOf = ({ body, wouldRecord }: Reply, hasEvents: boolean): string => {
  if (!hasEvents) return JSON.stringify(body);
  if (wouldRecord === undefined)
    throw new ApiProblem('invalid_request', 'dryRun: this route has no dry run with events', {
      field: 'dryRun',
    });
  return JSON.stringify({ ...Object(body), wouldRecord });
};

/** The account that a path is about: its own part, or that of a dispute's id. */
const accountNamed = (params: unknown): string | undefined => {
  const { account, dispute } = params as { readonly account?: string; readonly dispute?: string };
  return account ?? (dispute === undefined ? undefined : (accountOfDispute(dispute) ?? undefined));
};
