/** The OpenAPI 3.1 document, generated from the table of routes. */
import type * as z from 'zod';
import type { Route } from '../http/route.ts';
import { problem } from '../schemas/common.ts';
import { type Json, type NamedSchemas, namedSchemas } from './schemas.ts';
import { webhooksOf } from './webhooks.ts';

/** The tags of routes. */
const TAGS: Readonly<Record<string, string>> = {
  Accounts: 'Accounts, their services, suspensions and contacts',
  Audit: 'Checkpoints, signing keys and audit bundles',
  Bills: 'Months closed, their bills, estimates, replays and explanations',
  Clock: 'The clock that the ledger uses',
  Disputes: 'Disputes of bills and their evidence',
  Exports: 'Statements and CSV for accountants',
  Facts: 'What happened: events, notices, changes, and a live stream of them',
  Funds: 'Deposits and credits',
  Keys: 'Keys of this interface',
  Packs: 'Packs, free allowances and contract prices',
  'Price books': 'Published editions of prices',
  Usage: 'Usage in and out, and what was refused of it',
  Webhooks: 'Webhooks and deliveries that were given up',
};

/** `/accounts/:account` as OpenAPI writes it. */
const pathOf = (path: string): string => `/v1${path.replace(/:([a-z]+)/gi, '{$1}')}`;

const parameters = (route: Route, schemas: NamedSchemas): Json[] => {
  const of = (where: 'path' | 'query', schema: z.ZodType): Json[] => {
    const { properties = {}, required = [] } = schemas.of(schema, 'input') as {
      properties?: Record<string, Json>;
      required?: string[];
    };
    return Object.entries(properties).map(([name, { description, ...own }]) => ({
      name,
      in: where,
      required: where === 'path' || required.includes(name),
      ...(description ? { description } : {}),
      schema: own,
    }));
  };
  return [...of('path', route.params), ...of('query', route.query), ...headersOf(route)];
};

const headersOf = ({ idempotent, needsKey, method }: Route): Json[] => {
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  });
  const key = 'the same key and content gives the stored answer';
  return [
    ...(idempotent ? [header('Idempotency-Key', needsKey ? `${key}; needed, but for a dry run` : key)] : []),
    ...(method === 'GET'
      ? []
      : [header('X-Actor', 'an id, kept with the events'), header('X-Reason', 'why')]),
  ];
};

const bodyOf = ({ bodySchemas, example }: Route, schemas: NamedSchemas): Json => {
  const kinds = Object.entries(bodySchemas);
  if (kinds.length === 0) return {};
  const content = kinds.map(([media, schema]) => [
    media,
    {
      schema: schemas.of(schema, 'input'),
      ...(media === 'application/json' && typeof example.body === 'object' ? { example: example.body } : {}),
    },
  ]);
  return { requestBody: { required: true, content: Object.fromEntries(content) } };
};

const REFUSED = { $ref: '#/components/responses/Refused' };
const FAILED = { $ref: '#/components/responses/Failed' };

const responses = ({ answers }: Route, schemas: NamedSchemas): Json => ({
  ...Object.fromEntries(
    Object.entries(answers).map(([status, { what, schema, media = 'application/json', also = {} }]) => {
      const content = Object.entries({ [media]: schema, ...also }).map(([type, of]) => [
        type,
        { schema: schemas.of(of, 'output') },
      ]);
      return [status, { description: what, content: Object.fromEntries(content) }];
    }),
  ),
  '4XX': REFUSED,
  '5XX': FAILED,
});

const scopeText = ({ scope, ownScope }: Route): string =>
  ownScope === null ? `Scope: ${scope}.` : `Scope: ${scope}; ${ownScope}: what the key reported itself.`;

/** The document of the routes. */
export const openApi = (routes: readonly Route[], version: string): Json => {
  const schemas = namedSchemas();
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = pathOf(route.path);
    paths[path] = {
      ...paths[path],
      [route.method.toLowerCase()]: {
        operationId: operationId(route),
        tags: [route.tag],
        summary: route.what,
        description: scopeText(route),
        parameters: parameters(route, schemas),
        ...bodyOf(route, schemas),
        responses: responses(route, schemas),
      },
    };
  }
  const problems = { 'application/problem+json': { schema: schemas.of(problem, 'output') } };
  const webhooks = webhooksOf(schemas);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Suanpan 算盘',
      version,
      description:
        'An event-sourced usage ledger for metered APIs. Any historical bill can be replayed exactly.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({
      name,
      description: TAGS[name] ?? name,
    })),
    paths,
    webhooks,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      responses: {
        Refused: { description: 'refused, with a code (docs/refusals.md)', content: problems },
        Failed: {
          description: 'not done now; where it may be sent again, Retry-After says when',
          content: problems,
        },
      },
      schemas: Object.fromEntries(Object.entries(schemas.components).sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
};

/** `get /accounts/:account/bills` as `getAccountsBills`, with `One` if it ends in a parameter. */
export const operationId = ({ method, path }: Pick<Route, 'method' | 'path'>): string => {
  const words = path.split('/').filter((word) => word !== '' && !word.startsWith(':'));
  const name = words
    .flatMap((word) => word.split('-'))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  return `${method.toLowerCase()}${name}${/:[a-z]+$/i.test(path) ? 'One' : ''}`;
};
