/** Null is what is left out, in every field of a body that may be left out: generated from the table. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as z from 'zod';
import type { Route } from '../../src/api/http/route.ts';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';
import { LIFE, life, nameOf } from './life.ts';

let api: ServedApi;
const known: Record<string, string> = {};
beforeAll(async () => {
  api = await served();
  await withAccount(api);
  await api.ok('POST', '/usage', [usage('call-1', {}, 7)]);
  await api.ok('PUT', '/clock', { now: '2019-02-01T05:00:00+08:00' });
  await api.ok('POST', '/accounts/acme/bills/2019-01/disputes', { reason: 'too much' });
  known['key'] = (await api.ok('POST', '/keys', { name: 'k', scopes: ['read'] })).body.key;
  known['webhook'] = (await api.ok('POST', '/webhooks', { url: 'https://example.com/h' })).body.webhook;
});
afterAll(() => api.stop());

/** Bodies of books and usage are looked at by their handlers. */
const BODIES = LIFE.filter(({ body, bodyIsJudged }) => body !== null && !bodyIsJudged);
const optionalOf = ({ body }: Route): string[] =>
  Object.entries((body as z.ZodObject).shape)
    .filter(([, field]) => (field as z.ZodType).safeParse(undefined).success)
    .map(([name]) => name);
const WITH_OPTIONAL = BODIES.flatMap((route) =>
  optionalOf(route).map((field) => [nameOf(route), field, route] as const),
);

test('some fields may be left out', () => {
  expect(WITH_OPTIONAL.length).toBeGreaterThan(15);
});

test.each(WITH_OPTIONAL)('%s: %s', async (_, field, route) => {
  const body = life(api).bodyOf(route) as Record<string, unknown>;
  const path = route.example.path.replace(/:([a-z]+)/g, (_all, name) => known[name] ?? 'acme:1');
  const { [field]: __, ...without } = body;
  const asked = async (own: unknown) => {
    const { status, body: answered } = await api.send(route.method, `${path}?dryRun=true`, own);
    const { createdAt, previousUntil, ...same } = answered;
    return { status, same };
  };
  const left = await asked(without);
  expect(left.same.field).not.toBe(field);
  expect(await asked({ ...without, [field]: null })).toEqual(left);
});
