/** The TypeScript client of an OpenAPI document, as text. */
type Json = { readonly [key: string]: unknown };

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Json;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Json }>> }>
  >;
}

/** The client's source; the same document gives the same text. */
export const clientText = (document: Json): string => {
  const paths = document['paths'] as Record<string, Record<string, Operation>>;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => methodText(path, method.toUpperCase(), operation)),
  );
  return `${HEAD}${namedTypes(document)}${CALLS}${operations.join('\n')}${TAIL}`;
};

/** Types for the document's named schemas. */
const namedTypes = (document: Json): string => {
  const { schemas = {} } = (document['components'] ?? {}) as { schemas?: Record<string, Json> };
  return Object.entries(schemas)
    .map(([name, schema]) => {
      const { description } = schema;
      return `${description ? `/** ${description} */\n` : ''}export type ${name} = ${typeOf(schema)};\n`;
    })
    .join('');
};

const JSON_MEDIA = 'application/json';
const CSV_MEDIA = 'text/csv';
const EVENT_STREAM = 'text/event-stream';

const methodText = (path: string, method: string, operation: Operation): string => {
  const of = (where: Parameter['in']) => operation.parameters.filter((parameter) => parameter.in === where);
  const inPath = of('path');
  const inQuery = of('query');
  const schema = operation.requestBody?.content[JSON_MEDIA]?.schema;
  const body = schema && typeOf(schema);
  const url = path.replace(/\{([a-z]+)\}/gi, (_, name) => `\${encodeURIComponent(${name})}`);
  const query = `{ ${inQuery.map(({ name, required, schema: s }) => `${name}${required ? '' : '?'}: ${typeOf(s)} | undefined`).join('; ')} }`;
  const options = method === 'GET' ? 'CallOptions' : 'CommandOptions';
  const taken = [
    ...inPath.map(({ name }) => `${name}: string`),
    ...(body ? [`body: ${body}`] : []),
    ...(inQuery.length > 0 ? [`query: ${query}${inQuery.some((p) => p.required) ? '' : ' = {}'}`] : []),
    `options: ${options} = {}`,
  ];
  const { media, answer } = answerOf(operation);
  const sent = [
    ...(body ? ['body'] : []),
    ...(inQuery.length > 0 ? ['query'] : []),
    'options',
    ...(of('header').some(({ name }) => name === 'Idempotency-Key') ? ['idempotent: true'] : []),
    ...(media === JSON_MEDIA || media === EVENT_STREAM ? [] : [`media: '${media}'`]),
  ];
  const call =
    media === EVENT_STREAM
      ? `follow(\`${url}\`, { ${sent.join(', ')} })`
      : `request<${answer}>('${method}', \`${url}\`, { ${sent.join(', ')} })`;
  return [
    `    /** ${operation.summary}. */`,
    `    ${operation.operationId}: (${taken.join(', ')}) => ${call},`,
  ].join('\n');
};

/** What an operation answers with when all is well: JSON where it can, else a text. */
const answerOf = ({ responses }: Operation): { readonly media: string; readonly answer: string } => {
  const good = Object.entries(responses).flatMap(([status, { content }]) =>
    /^2/.test(status) ? Object.entries(content ?? {}) : [],
  );
  const types = good.flatMap(([media, { schema }]) => (media === JSON_MEDIA ? [typeOf(schema)] : []));
  if (types.length > 0) {
    const answer = [...new Set(types)].join(' | ');
    return good.some(([media]) => media === CSV_MEDIA)
      ? { media: `${JSON_MEDIA}, ${CSV_MEDIA}`, answer: `${answer} | string` }
      : { media: JSON_MEDIA, answer };
  }
  return { media: good[0]?.[0] ?? 'text/plain', answer: 'string' };
};

/** A JSON Schema as a TypeScript type. */
export const typeOf = (schema: Json): string => {
  const ref = schema['$ref'];
  if (typeof ref === 'string') return ref.slice(ref.lastIndexOf('/') + 1);
  if (schema['const'] !== undefined) return JSON.stringify(schema['const']);
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => JSON.stringify(value)).join(' | ');
  const choices = (schema['anyOf'] ?? schema['oneOf']) as readonly Json[] | undefined;
  if (choices) return choices.map((choice) => bracketed(typeOf(choice))).join(' | ');
  if (Array.isArray(schema['type']))
    return schema['type'].map((type) => bracketed(typeOf({ ...schema, type }))).join(' | ');
  switch (schema['type']) {
    case 'object':
      return objectType(schema);
    case 'array':
      return `readonly ${bracketed(typeOf((schema['items'] as Json | undefined) ?? {}))}[]`;
    case 'integer':
    case 'number':
      return 'number';
    case 'string':
    case 'boolean':
    case 'null':
      return schema['type'];
    default:
      return 'unknown';
  }
};

const bracketed = (type: string): string =>
  type.includes(' | ') || type.startsWith('readonly ') ? `(${type})` : type;

const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

const objectType = (schema: Json): string => {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Json>);
  const required = new Set((schema['required'] as readonly string[] | undefined) ?? []);
  const more = schema['additionalProperties'];
  if (properties.length === 0)
    return `{ readonly [name: string]: ${isJson(more) ? typeOf(more) : 'unknown'} }`;
  const members = properties.map(
    ([name, own]) =>
      `readonly ${name}${required.has(name) ? '' : '?'}: ${typeOf(own)}${required.has(name) ? '' : ' | undefined'}`,
  );
  return `{ ${members.join('; ')} }`;
};

const HEAD = `/**
 * The client of the HTTP interface. Made by \`npm run client\` from the OpenAPI document: do not edit. What a call goes
 * through (deadline, repeats with one idempotency key, events without an end) is in runtime.ts.
 */
import { type CallOptions, type ClientOptions, type CommandOptions, openCaller } from './runtime.ts';

// biome-ignore lint/performance/noBarrelFile: what a caller of the client needs comes from one module.
export { NoAnswer, Refused, UnexpectedAnswer } from './answers.ts';
export type { LedgerEvent } from './follow.ts';
export type { CallOptions, ClientOptions, CommandOptions } from './runtime.ts';

export type Suanpan = ReturnType<typeof suanpan>;
`;

const CALLS = `
/** A client of a server. */
export const suanpan = (client: ClientOptions) => {
  const { request, follow } = openCaller(client);
  return {
`;

const TAIL = `
  };
};
`;
