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
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: Json }>> }>
  >;
}

/** The client's source; the same document gives the same text. */
export const clientText = (document: Json): string => {
  const paths = document['paths'] as Record<string, Record<string, Operation>>;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => methodText(path, method.toUpperCase(), operation)),
  );
  return `${HEAD}${operations.join('\n')}${TAIL}`;
};

const methodText = (path: string, method: string, operation: Operation): string => {
  const of = (where: Parameter['in']) => operation.parameters.filter((parameter) => parameter.in === where);
  const inPath = of('path');
  const inQuery = of('query');
  const schema = operation.requestBody?.content['application/json']?.schema;
  const url = path.replace(/\{([a-z]+)\}/gi, (_, name) => `\${encodeURIComponent(${name})}`);
  const query = `{ ${inQuery.map(({ name, required, schema: s }) => `${name}${required ? '' : '?'}: ${typeOf(s)} | undefined`).join('; ')} }`;
  const taken = [
    ...inPath.map(({ name }) => `${name}: string`),
    ...(schema ? [`body: ${typeOf(schema)}`] : []),
    ...(inQuery.length > 0 ? [`query: ${query}${inQuery.some((p) => p.required) ? '' : ' = {}'}`] : []),
    ...(method === 'GET' ? [] : ['options: CommandOptions = {}']),
  ];
  const answers = Object.entries(operation.responses)
    .filter(([status]) => status !== 'default')
    .map(([, { content }]) => content['application/json']?.schema)
    .flatMap((one) => (one ? [typeOf(one)] : []));
  const answer = [...new Set(answers)].join(' | ') || 'string';
  const sent = [
    ...(schema ? ['body'] : []),
    ...(inQuery.length > 0 ? ['query'] : []),
    ...(method === 'GET' ? [] : ['options']),
  ];
  return [
    `    /** ${operation.summary}. */`,
    `    ${operation.operationId}: (${taken.join(', ')}) =>`,
    `      request<${answer}>('${method}', \`${url}\`${sent.length > 0 ? `, { ${sent.join(', ')} }` : ''}),`,
  ].join('\n');
};

/** A JSON Schema as a TypeScript type. */
export const typeOf = (schema: Json): string => {
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

const objectType = (schema: Json): string => {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Json>);
  const required = new Set((schema['required'] as readonly string[] | undefined) ?? []);
  if (properties.length === 0) return '{ readonly [name: string]: unknown }';
  const members = properties.map(
    ([name, own]) =>
      `readonly ${name}${required.has(name) ? '' : '?'}: ${typeOf(own)}${required.has(name) ? '' : ' | undefined'}`,
  );
  return `{ ${members.join('; ')} }`;
};

const HEAD = `/**
 * The client of the HTTP interface. Made by \`npm run client\` from the OpenAPI document: do not edit. Every command gets
 * an idempotency key of its own and is repeated with it when no answer comes, so that it happens once.
 */
export interface CommandOptions {
  /** Give one to make a repeat after a restart of your own process harmless too. */
  readonly idempotencyKey?: string;
  readonly actor?: string;
  readonly reason?: string;
}

export interface ClientOptions {
  /** For example http://127.0.0.1:8080 */
  readonly base: string;
  readonly key: string;
  /** How often a request without an answer is sent again (default 5). */
  readonly retries?: number;
}

/** A refusal: \`code\` names it, the members say what is meant. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly problem: Readonly<Record<string, unknown>>;
  constructor(problem: Readonly<Record<string, unknown>>) {
    super(String(problem['detail']));
    this.status = Number(problem['status']);
    this.code = String(problem['code']);
    this.problem = problem;
  }
}

interface Sent {
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly options?: CommandOptions;
}

const PAUSE_MS = 200;
const AGAIN = new Set([429, 503]);

const isJson = (response: Response): boolean =>
  /json/.test((response.headers.get('content-type') ?? '').replace('x-ndjson', ''));

export type Suanpan = ReturnType<typeof suanpan>;

/** A client of a server. */
export const suanpan = ({ base, key, retries = 5 }: ClientOptions) => {
  const request = async <Answer>(method: string, path: string, { body, query = {}, options = {} }: Sent = {}): Promise<Answer> => {
    const url = new URL(path, base);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
    const headers: Record<string, string> = { authorization: \`Bearer \${key}\` };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (method === 'POST') headers['idempotency-key'] = options.idempotencyKey ?? crypto.randomUUID();
    if (options.actor !== undefined) headers['x-actor'] = options.actor;
    if (options.reason !== undefined) headers['x-reason'] = options.reason;
    for (let attempt = 0; ; attempt++) {
      const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
        .then(async (response) => ({ response, text: await response.text() }))
        .catch((error: unknown) => {
          if (attempt >= retries) throw error;
          return null;
        });
      if (answer?.response.ok)
        return (isJson(answer.response) ? JSON.parse(answer.text) : answer.text) as Answer;
      if (answer) {
        const problem = JSON.parse(answer.text) as Record<string, unknown>;
        const isOver = !AGAIN.has(answer.response.status) && problem['code'] !== 'idempotency_in_flight';
        if (isOver || attempt >= retries) throw new Refused(problem);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * 2 ** attempt));
    }
  };
  return {
`;

const TAIL = `
  };
};
`;
