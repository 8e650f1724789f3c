/** The example of every route, run in the order of a life; each answer is what the document says. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROUTES } from '../../src/api/routes/all.ts';
import { problem } from '../../src/api/schemas/common.ts';
import { type ServedApi, served } from '../support/api.ts';
import { LIFE, life, nameOf } from './life.ts';

let api: ServedApi;
beforeAll(async () => {
  api = await served();
});
afterAll(() => api.stop());

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, { operationId: string }>>;
}

/** Examples that are refused, and how. */
const REFUSED: Readonly<Record<string, string>> = {
  'POST /deliveries/resend': 'delivery_unknown',
  'POST /webhooks/:webhook/test': 'webhook_unknown',
  'POST /accounts/:account/packs/:pack/return': 'pack_not_returnable',
};

test('every route has an example that does what it says', async () => {
  const { send, until, learn } = life(api);
  for (const route of LIFE) {
    await until(route);
    const answer = await send(route);
    expect([nameOf(route), answer.status, answer.body.code]).toEqual([
      nameOf(route),
      route.example.status,
      REFUSED[nameOf(route)],
    ]);
    const schema = route.answers[answer.status]?.schema ?? problem;
    const checked = schema.safeParse(answer.body);
    expect(checked.error?.message, nameOf(route)).toBeUndefined();
    learn(route, answer);
  }
});

test('the document names every route, and each operation once', async () => {
  const document = (await (await fetch(`${api.base}/openapi.json`)).json()) as Document;
  expect(document.openapi).toBe('3.1.0');
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
  expect(operations.length).toBe(ROUTES.length);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(ROUTES.length);
  const page = await fetch(`${api.base}/docs/`);
  expect(page.status).toBe(200);
  expect(await page.text()).not.toMatch(/(src|href)="https?:/);
});
