/** A service that is not post-paid, by the interface (price-books.md, "Prepaid only"). */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ServedApi, served, usage, withAccount } from '../support/api.ts';

const SERVICE = '/accounts/acme/services/face-recognition';
const FREE = 10_000;

let api: ServedApi;
beforeEach(async () => {
  api = await served();
  await withAccount(api);
});
afterEach(() => api.stop());

const entitled = async () =>
  (await api.ok('GET', '/accounts/acme/entitlements?interface=face-recognition/compare')).body;

test('what neither free calls nor packs pay is waived from then on, and post-paid again once it is switched back', async () => {
  const { body, status } = await api.ok('PUT', SERVICE, { postPaid: 'off' });
  expect([status, body]).toEqual([200, { product: 'face-recognition', postPaid: 'off' }]);
  expect((await api.ok('GET', '/accounts/acme')).body.postPaidOff).toEqual(['face-recognition']);
  await api.ok('POST', '/usage', [usage('free', {}, FREE)]);
  expect(await entitled()).toMatchObject({ allowed: false, payer: null, reasons: ['post_paid_off'] });
  await api.ok('POST', '/usage', [usage('beyond', {}, 7)]);
  const { lines } = (await api.ok('GET', '/accounts/acme/estimate')).body;
  expect(lines).toMatchObject([{ metered: FREE + 7, postPaid: 0, waived: 7, amount: '0.00' }]);

  await api.ok('PUT', SERVICE, { postPaid: 'on' });
  expect((await api.ok('GET', '/accounts/acme')).body.postPaidOff).toBeUndefined();
  expect(await entitled()).toMatchObject({ allowed: true, payer: 'post_paid', reasons: [] });
});

test('a dry run and a repeat record nothing, and a product that is not active is refused', async () => {
  const count = async () => (await api.ok('GET', '/accounts/acme/events?limit=1000')).body.items.length;
  const before = await count();
  await api.ok('PUT', `${SERVICE}?dryRun=true`, { postPaid: 'off' });
  await api.ok('PUT', SERVICE, { postPaid: 'on' });
  expect(await count()).toBe(before);
  const refused = await api.send('PUT', '/accounts/acme/services/ocr', { postPaid: 'off' });
  expect(refused.body).toMatchObject({ code: 'not_activated', product: 'ocr' });
  const malformed = await api.send('PUT', SERVICE, { postPaid: 'maybe' });
  expect([malformed.status, malformed.body.code]).toEqual([400, 'invalid_request']);
});
