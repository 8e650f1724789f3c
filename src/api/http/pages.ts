/**
 * The pages beside the table's routes: health, metrics, the OpenAPI document and what shows it. They take no query and no
 * body; like every read they answer HEAD too.
 */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import * as z from 'zod';
import { openApi } from '../openapi/document.ts';
import { ROUTES } from '../routes/all.ts';
import type { Api } from './api.ts';
import type { Dashboard } from './dashboard.ts';
import { checkNoBody, queryOf } from './request-parts.ts';

export interface PagesOf {
  readonly api: Api;
  /** Why the server is not ready; null if it is. */
  readonly health: { notReady(): string | null };
  readonly version: string;
  /** Called with the path of each page; one that ends in `*` stands for all below it. */
  readonly onPage: (path: string) => void;
  readonly dashboard: Dashboard;
}

const NOTHING = z.strictObject({});
/** The page that tells readiness; it logs what changes, not each answer. */
export const READINESS = '/readyz';

/** Adds the pages, in a context of their own, so that each is checked without naming it. */
export const addPages = async (app: FastifyInstance, { api, health, version, onPage, dashboard }: PagesOf) =>
  app.register(async (pages) => {
    pages.addHook('onRoute', ({ url }) => onPage(url));
    pages.addHook('onRequest', (request, _reply, done) => {
      queryOf(NOTHING, request.query);
      checkNoBody(request.headers);
      // A part of a file has no use here, and the framework's refusal of a bad range has no name.
      delete request.headers.range;
      done();
    });
    await addDocument(pages, version);
    addHealth(pages, api, health);
    dashboard.addFiles(pages);
    // The dashboard's first page may take a query, so it is answered as its other pages are.
    if (dashboard.isBuilt) onPage('/');
    else pages.get('/', async (_request, reply) => reply.redirect('/docs'));
  });

/** The OpenAPI document, and the pages that show it. */
const addDocument = async (app: FastifyInstance, version: string): Promise<void> => {
  // Built lazily, so that a restarted server answers soon.
  let made: ReturnType<typeof openApi> | null = null;
  const document = () => {
    made ??= openApi(ROUTES, version);
    return made;
  };
  await app.register(swagger, {
    mode: 'static',
    specification: { document: { toJSON: document } as never },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  app.get('/openapi.json', async (_request, reply) => reply.send(document()));
};

const addHealth = (app: FastifyInstance, api: Api, health: PagesOf['health']): void => {
  app.get('/healthz', async () => ({ status: 'ok' }));
  const tell = tellingChanges(app.log);
  app.get(READINESS, async (_request, reply) => {
    const why = health.notReady();
    tell(why);
    return reply
      .code(why === null ? 200 : 503)
      .send(
        why === null ? { status: 'ready', ...heldOf(api) } : { status: 'not ready', why, ...heldOf(api) },
      );
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type(api.metrics.registry.contentType).send(await api.metrics.registry.metrics()),
  );
};

/**
 * Logs readiness when it changes. A probe asks for it many times a second, and a reason counts seconds, so that numbers
 * alone are no change.
 */
const tellingChanges = (log: FastifyBaseLogger): ((why: string | null) => void) => {
  let told: string | null = null;
  return (why) => {
    const kind = why === null ? null : why.replaceAll(/\d+/g, '');
    if (kind === told) return;
    told = kind;
    if (why === null) log.info('ready again');
    else log.warn(`not ready: ${why}`);
  };
};

/** Quarantine is reported, but does not make the server unready, since everything else works. */
const heldOf = ({ ledger }: Api) => {
  const quarantined = ledger.quarantine().map(({ stream, revision }) => ({ stream, revision }));
  return quarantined.length === 0 ? {} : { quarantined };
};
