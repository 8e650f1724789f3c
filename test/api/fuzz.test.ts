/** Requests generated from the OpenAPI document: none is answered with a 5xx, and every answer is what it says. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { operationId } from '../../src/api/openapi/document.ts';
import { ROUTES } from '../../src/api/routes/all.ts';
import { problem } from '../../src/api/schemas/common.ts';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';
import { runs } from '../support/proof.ts';
import { resolved, type Schema, valuesOf } from './from-schema.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: Schema;
}
interface Operation {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
interface Asked {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly key: string | null;
}

let api: ServedApi;
let document: Document;
beforeAll(async () => {
  api = await served({ SUANPAN_CLOSE_AT: 'manual' });
  await withAccount(api, 'acme');
  await withAccount(api, 'other');
  await api.ok('POST', '/usage', usage('record-1'));
  const json = (await (await fetch(`${api.base}/openapi.json`)).json()) as {
    readonly paths: unknown;
    readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
  };
  document = { paths: resolved(json.paths, { ...json.components.schemas, ...ANSWERS }) as Document['paths'] };
});
afterAll(() => api.stop());

/** Answers that are no schemas. */
const ANSWERS = { Refused: {}, Failed: {} };

/** Not asked (nor `after`, which waits for positions that never come): what moves the clock of everybody, and what never ends. */
const LEFT_OUT = new Set(['putClock', 'getStream']);

const requests = (): fc.Arbitrary<Asked> => {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  return fc.oneof(
    ...all
      .filter(({ operation }) => !LEFT_OUT.has(operation.operationId))
      .map(({ path, method, operation }) => requestsOf(path, method.toUpperCase(), operation)),
  );
};

const requestsOf = (path: string, method: string, { operationId, parameters, requestBody }: Operation) => {
  const of = (where: Parameter['in']) =>
    fc.record(
      Object.fromEntries(
        parameters
          .filter((p) => p.in === where && p.name !== 'after')
          .map((p) => [p.name, valuesOf(p.schema)]),
      ),
      where === 'path' ? {} : { requiredKeys: [] },
    );
  const body = requestBody?.content['application/json']?.schema;
  return fc
    .record({
      inPath: of('path'),
      inQuery: of('query'),
      body: body ? valuesOf(body) : fc.constant(undefined),
      key: fc.option(fc.constantFrom('k1', 'k2', 'k3')),
    })
    .map(({ inPath, inQuery, body: sent, key }): Asked => {
      const filled = path.replace(
        /\{([a-z]+)\}/gi,
        (_, name) => encodeURIComponent(text(inPath[name])) || '-',
      );
      const query = Object.entries(inQuery).map(
        ([name, value]) => `${name}=${encodeURIComponent(text(value))}`,
      );
      return { operation: operationId, method, path: `${filled}?${query.join('&')}`, body: sent, key };
    });
};

const text = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed().slice(0, 300);

const routes = new Map(ROUTES.map((route) => [operationId(route), route]));

test('every answer is one of those that the document knows', { timeout: 3_600_000 }, async () => {
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(requests(), async ({ operation, method, path, body, key }) => {
      const sent = body === undefined || body === null ? body : JSON.parse(JSON.stringify(body));
      const headers = key === null ? {} : { 'idempotency-key': key };
      const answer = await api.send(method, path, sent, headers);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      expect(answer.status, `${method} ${path} ${JSON.stringify(answer.body)}`).toBeLessThan(500);
      const known = routes.get(operation)?.answers[answer.status];
      const checked = (known?.schema ?? problem).safeParse(answer.body);
      expect(
        checked.error?.message,
        `${method} ${path} ${answer.status} ${JSON.stringify(answer.body)}`,
      ).toBeUndefined();
      if (!known) expect(answer.body.status).toBe(answer.status);
    }),
    { numRuns: runs('fuzzed requests', 500, 100_000), seed: 20, endOnFailure: true },
  );
  // Requests that are all refused would prove little.
  expect(statuses.get(200) ?? 0).toBeGreaterThan(0);
  expect(statuses.get(201) ?? 0).toBeGreaterThan(0);
});
