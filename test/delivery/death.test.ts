/** A receiver's death is seen in the metrics: what it failed in a row, and what was given up, by channel. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { RETRIES } from '../../src/delivery/attempts.ts';
import { type ServedApi, served } from '../support/api.ts';
import { hookReceiver } from '../support/receivers.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');

/** The samples of a metric, by its labels. */
const samples = async ({ base }: ServedApi, name: string): Promise<Record<string, number>> => {
  const text = await (await fetch(`${base}/metrics`)).text();
  const found = text.matchAll(new RegExp(`^${name}\\{([^}]*)\\} (\\S+)$`, 'gm'));
  return Object.fromEntries([...found].map(([, labels = '', value]) => [labels, Number(value)]));
};
const deadLetters = (api: ServedApi) => samples(api, 'suanpan_dead_letters');
const failures = (api: ServedApi) => samples(api, 'suanpan_receiver_failures_in_a_row');

const started = async (env: Readonly<Record<string, string>> = {}): Promise<ServedApi> => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
  onTestFinished(() => void vi.useRealTimers());
  const api = await served({ SUANPAN_ALLOW_PRIVATE_TARGETS: 'true', ...env });
  onTestFinished(() => api.stop());
  return api;
};
const settle = async (api: ServedApi) => api.running.api.delivery?.settleNow();

test('a webhook that is gone is seen, and no more when its letter was sent again', async () => {
  const receiver = await hookReceiver();
  receiver.answer(500, 410);
  const api = await started();
  const { body } = await api.ok('POST', '/webhooks', { url: receiver.url, types: ['account.opened'] });
  const own = `receiver="${body.webhook}"`;
  await api.ok('POST', '/accounts', { account: 'acme', name: '' });
  await settle(api);
  expect([await failures(api), await deadLetters(api)]).toEqual([
    { [own]: 1 },
    { 'channel="webhook"': 0, 'channel="email"': 0 },
  ]);
  vi.setSystemTime(Date.now() + RETRIES[0] * 2_000);
  await settle(api);
  expect([await failures(api), await deadLetters(api)]).toEqual([
    { [own]: 2 },
    { 'channel="webhook"': 1, 'channel="email"': 0 },
  ]);
  receiver.trust(body.secret);
  receiver.answer(200);
  const [dead] = (await api.ok('GET', '/deliveries/dead')).body.items;
  await api.ok('POST', '/deliveries/resend', { delivery: dead.delivery }, { 'Idempotency-Key': 'again' });
  await settle(api);
  expect([await failures(api), await deadLetters(api)]).toEqual([
    { [own]: 0 },
    { 'channel="webhook"': 0, 'channel="email"': 0 },
  ]);
});

test('an SMTP server that takes no mail for days is seen', async () => {
  const api = await started({ SUANPAN_SMTP: 'smtp://127.0.0.1:1', SUANPAN_CLOCK: '2025-12-31T00:00:00Z' });
  await api.ok('POST', '/accounts', { account: 'acme', name: '' });
  await api.ok('POST', '/accounts/acme/services', { product: 'face-recognition' });
  await api.ok('PUT', '/accounts/acme/contacts', { email: 'billing@example.com' });
  await api.ok('POST', '/accounts/acme/suspensions', { reason: 'prohibited', note: '' });
  await settle(api);
  for (const wait of RETRIES) {
    vi.setSystemTime(Date.now() + wait * 1_200);
    await settle(api);
  }
  expect(await deadLetters(api)).toEqual({ 'channel="webhook"': 0, 'channel="email"': 1 });
  expect(await failures(api)).toEqual({ 'receiver="email"': RETRIES.length + 1 });
});
