/** The OpenAPI 3.1 document, made from the table of routes. */
import * as z from 'zod';
import type { Route } from './route.ts';
import { problem, queryNumbers } from './shapes.ts';

type Json = Record<string, unknown>;

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema: made }) => {
      const bounds = queryNumbers.get(zodSchema);
      if (!bounds) return;
      const { description } = made;
      for (const name of Object.keys(made)) Reflect.deleteProperty(made, name);
      Object.assign(made, { type: 'integer', ...bounds, ...(description ? { description } : {}) });
    },
  }) as Json;
  return rest;
};

/** `/accounts/:account` as OpenAPI writes it. */
const pathOf = (path: string): string => `/v1${path.replace(/:([a-z]+)/gi, '{$1}')}`;

const parameters = (route: Route): Json[] => {
  const of = (where: 'path' | 'query', schema: z.ZodType): Json[] => {
    const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
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
    ...(method === 'GET' ? [] : [header('X-Actor', 'an id, kept with the facts'), header('X-Reason', 'why')]),
  ];
};

const content = (schema: z.ZodType, io: 'input' | 'output', media = 'application/json'): Json => ({
  [media]: { schema: jsonSchema(schema, io) },
});

const bodyOf = ({ body, bodies, example }: Route): Json => {
  if (body === null) return {};
  const one = {
    schema: jsonSchema(body, 'input'),
    ...(typeof example.body === 'object' ? { example: example.body } : {}),
  };
  return { requestBody: { required: true, content: Object.fromEntries(bodies.map((m) => [m, one])) } };
};

const responses = ({ answers }: Route): Json => ({
  ...Object.fromEntries(
    Object.entries(answers).map(([status, { what, schema, media }]) => [
      status,
      {
        description: what,
        content: content(schema, 'output', media ?? 'application/json'),
      },
    ]),
  ),
  default: {
    description: 'refused, with a code',
    content: content(problem, 'output', 'application/problem+json'),
  },
});

/** The document of the routes. */
export const openApi = (routes: readonly Route[], version: string): Json => {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = pathOf(route.path);
    paths[path] = {
      ...paths[path],
      [route.method.toLowerCase()]: {
        operationId: operationId(route),
        tags: [route.tag],
        summary: route.what,
        description: `Scope: ${route.scope}.`,
        parameters: parameters(route),
        ...bodyOf(route),
        responses: responses(route),
      },
    };
  }
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
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
  };
};

/** `get /accounts/:account/bills` as `getAccountsBills`, with `One` where it ends in a parameter. */
export const operationId = ({ method, path }: Pick<Route, 'method' | 'path'>): string => {
  const words = path.split('/').filter((word) => word !== '' && !word.startsWith(':'));
  const name = words
    .flatMap((word) => word.split('-'))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
  return `${method.toLowerCase()}${name}${/:[a-z]+$/i.test(path) ? 'One' : ''}`;
};
