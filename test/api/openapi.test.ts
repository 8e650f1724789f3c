/** The OpenAPI document: sound by a linter, its schemas named, and true to what is taken and sent. */
import { createConfig, lintFromString } from '@redocly/openapi-core';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApi } from '../../src/api/openapi/document.ts';
import { WEBHOOK_PAYLOADS } from '../../src/api/openapi/webhook-shapes.ts';
import { ROUTES } from '../../src/api/routes/all.ts';
import { usageEvent } from '../../src/api/schemas/usage.ts';
import { TEST_TYPE, WEBHOOK_TYPES } from '../../src/delivery/webhooks.ts';
import { parseUsage } from '../../src/input/usage-event.ts';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';
import { runs } from '../support/proof.ts';
import { hookReceiver } from '../support/receivers.ts';
import { resolved, type Schema, valuesOf } from './from-schema.ts';

type Json = Readonly<Record<string, unknown>>;
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly requestBody?: Body }>>>>;
  readonly webhooks: Readonly<Record<string, { readonly post: { readonly requestBody: Body } }>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}
interface Body {
  readonly content: Readonly<Record<string, { readonly schema: Json }>>;
}
const text = JSON.stringify(openApi(ROUTES, '1.0.0'));
const document = JSON.parse(text) as Document;

test('a linter finds nothing in it', async () => {
  const config = await createConfig({ extends: ['recommended-strict'] });
  const problems = await lintFromString({ source: text, absoluteRef: '/openapi.json', config });
  expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual(
    [],
  );
});

test('named schemas are referred to, and every reference leads to one', () => {
  const names = Object.keys(document.components.schemas);
  const referred = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name = '']) => name);
  expect([...new Set(referred)].sort()).toEqual([...names].sort());
  for (const name of ['Account', 'Bill', 'PriceBook', 'Problem', 'UsageEvent', 'UsageOutcome'])
    expect(names).toContain(name);
});

test('the body of usage has a schema in each of its content types', () => {
  const content = document.paths['/v1/usage']?.['post']?.requestBody?.content ?? {};
  const event = { $ref: '#/components/schemas/UsageEvent' };
  const batch = { type: 'array', items: event };
  expect(Object.entries(content).map(([media, { schema }]) => [media, schema])).toEqual([
    ['application/json', { anyOf: [event, batch] }],
    ['application/cloudevents+json', event],
    ['application/cloudevents-batch+json', batch],
    ['application/x-ndjson', expect.objectContaining({ type: 'string' })],
  ]);
});

test('a record that its schema allows is a usage CloudEvent', () => {
  const schema = resolved({ $ref: 'UsageEvent' }, document.components.schemas) as Schema;
  const noise = 0;
  const drawn = valuesOf(schema, noise).filter((value) => usageEvent.safeParse(value).success);
  fc.assert(
    fc.property(drawn, (value) => {
      const parsed = parseUsage(value);
      // In base64 may be what is no JSON.
      if (!parsed.ok) expect(parsed.field).toMatch(/^data_base64/);
    }),
    { numRuns: runs('usage CloudEvents from their schema', 200, 20_000), seed: 13 },
  );
});

test('the payload of every type that a webhook may choose, and of a test, has a schema', () => {
  const chosen = [...WEBHOOK_TYPES.filter((type) => !type.endsWith('*')), TEST_TYPE];
  expect(Object.keys(document.webhooks).sort()).toEqual([...chosen].sort());
  for (const type of chosen) {
    const { schema } = document.webhooks[type]?.post.requestBody.content['application/json'] ?? {};
    const payload = resolved(schema, document.components.schemas);
    expect(payload).toMatchObject({ properties: { type: { const: type }, data: { type: 'object' } } });
  }
});

let api: ServedApi;
beforeAll(async () => {
  api = await served({ SUANPAN_ALLOW_PRIVATE_TARGETS: 'true' });
});
afterAll(() => api.stop());

test('what a receiver gets is what the document says', async () => {
  const receiver = await hookReceiver();
  const { body } = await api.ok('POST', '/webhooks', { url: receiver.url });
  receiver.trust(body.secret);
  await withAccount(api);
  const pack = { pool: 'face-recognition/compare', size: 1_000_000 };
  await api.ok('POST', '/accounts/acme/packs', { ...pack, quantity: 1 });
  const credit = { amount: '1', reference: 'c', reason: 'a pack by mistake', pack: 'pack-000001' };
  await api.ok('POST', '/accounts/acme/credits', credit);
  await api.ok('POST', '/accounts/acme/packs', { ...pack, quantity: 1 });
  await api.ok('POST', '/usage', usage('1', {}, 30_000));
  const correction = { source: '/gateway/1', id: '1', calls: 20_000, reason: 'counted twice' };
  await api.ok('POST', '/accounts/acme/corrections', correction);
  await api.ok('POST', '/accounts/acme/suspensions', { reason: 'prohibited', note: 'abuse' });
  await api.ok('DELETE', '/accounts/acme/suspensions/prohibited');
  await api.ok('PUT', '/clock', { now: '2020-02-02T00:00:00+08:00' });
  await api.ok('POST', '/accounts/acme/bills/2019-01/disputes', { reason: 'too many' });
  await api.ok('POST', '/disputes/acme:1/resolution', { outcome: 'upheld', note: 'as reported' });
  await api.ok('POST', '/checkpoints');
  await api.ok('POST', `/webhooks/${body.webhook}/test`);
  await api.running.api.delivery?.settleNow();
  const seen = new Set<string>();
  for (const { body: payload } of receiver.received) {
    const checked = WEBHOOK_PAYLOADS.get(payload.type)?.safeParse(payload);
    // Neither less nor more than its schema says.
    expect([payload.type, checked?.error?.message, checked?.data]).toEqual([
      payload.type,
      undefined,
      payload,
    ]);
    seen.add(payload.type);
  }
  const unseen = Object.keys(document.webhooks).filter((type) => !seen.has(type));
  // Each of these takes a life of its own; they are made of the same facts and notices.
  expect(unseen.sort()).toEqual([
    'freeze.failed',
    'notice.balance_low',
    'notice.freeze_failed',
    'notice.pack_exhausted',
    'notice.pack_low',
    'notice.price_not_agreed',
    'notice.spend_reached',
    'pack.granted',
    'pack.returned',
  ]);
});
