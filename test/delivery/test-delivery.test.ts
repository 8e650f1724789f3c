/** A test delivery: one call at once, signed and guarded like a delivery, and afterwards the ledger is as it was. */
import { Webhook } from 'standardwebhooks';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type ServedApi, served } from '../support/api.ts';
import { dnsServer } from '../support/dns-server.ts';
import { type HookReceiver, hookReceiver } from '../support/receivers.ts';
import { delivering } from './delivering.ts';

const DAY_MS = 86_400_000;

interface Call {
  readonly body: string;
  readonly headers: Record<string, string>;
}

interface Hooked {
  readonly api: ServedApi;
  readonly receiver: HookReceiver;
  readonly calls: Call[];
  readonly webhook: string;
  readonly secret: string;
}

/** A webhook that chose what does not happen here, and a receiver that keeps each call and answers with `status`. */
const hooked = async (status = 204): Promise<Hooked> => {
  const api = await served({ SUANPAN_ALLOW_PRIVATE_TARGETS: 'true' });
  onTestFinished(() => api.stop());
  const receiver = await hookReceiver();
  const calls: Call[] = [];
  receiver.answer((request, response, body) => {
    calls.push({ body, headers: request.headers as Record<string, string> });
    response.writeHead(status).end();
  });
  const { body } = await api.ok('POST', '/webhooks', { url: receiver.url, types: ['bill.issued'] });
  return { api, receiver, calls, webhook: body.webhook, secret: body.secret };
};

const accepts = (secret: string, { body, headers }: Call): boolean => {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
};
const onlyOf = (calls: readonly Call[]): Call => {
  const [call] = calls;
  if (!call || calls.length !== 1) throw new Error(`${calls.length} calls`);
  return call;
};
const headsOf = async ({ running }: ServedApi) =>
  (await running.api.ledger.store.heads({ after: null, limit: 1_000 })).map(({ stream, length }) => [
    stream,
    length,
  ]);

describe('a test delivery', () => {
  test('calls the receiver once, says that it is a test, and answers the outcome', async () => {
    const { api, receiver, calls, webhook, secret } = await hooked();
    const before = await headsOf(api);
    const { status, body } = await api.send('POST', `/webhooks/${webhook}/test`);
    const call = onlyOf(calls);
    expect(accepts(secret, call)).toBe(true);
    expect(JSON.parse(call.body)).toEqual({
      type: 'webhook.test',
      timestamp: expect.any(String),
      data: { webhook, test: true, message: expect.stringMatching(/^This is a test delivery\./) },
    });
    expect([status, body]).toEqual([
      200,
      {
        ...{ webhook, url: receiver.url, id: call.headers['webhook-id'], payload: JSON.parse(call.body) },
        ...{ signatures: 1, outcome: 'delivered', status: 204, durationMs: expect.any(Number), error: null },
      },
    ]);
    expect(await headsOf(api)).toEqual(before);
    expect(api.running.api.delivery?.counts()).toMatchObject({ delivered: 0, failed: 0, pending: 0 });
  });

  test('during a rotation carries the signatures of both secrets', async () => {
    const { api, calls, webhook, secret } = await hooked();
    const rotated = await api.ok('POST', `/webhooks/${webhook}/rotation`, { overlapSeconds: 3_600 });
    const { body } = await api.ok('POST', `/webhooks/${webhook}/test`);
    const call = onlyOf(calls);
    expect([body.signatures, accepts(secret, call), accepts(rotated.body.secret, call)]).toEqual([
      ...[2, true, true],
    ]);
  });

  test('that fails says so, is not sent again and is no dead letter; 410 too', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    for (const answer of [500, 410]) {
      const { api, calls, webhook } = await hooked(answer);
      const before = await headsOf(api);
      const { body } = await api.ok('POST', `/webhooks/${webhook}/test`);
      expect(body).toMatchObject({ outcome: 'failed', status: answer, error: `answered ${answer}` });
      vi.setSystemTime(Date.now() + DAY_MS);
      await api.running.api.delivery?.settleNow();
      expect(calls.length).toBe(1);
      expect((await api.ok('GET', '/deliveries/dead')).body.items).toEqual([]);
      expect(await headsOf(api)).toEqual(before);
    }
  });

  test('twice is two calls with two ids: nothing is kept that could tell them for one', async () => {
    const { api, calls, webhook } = await hooked();
    for (const _ of [1, 2]) await api.ok('POST', `/webhooks/${webhook}/test`);
    expect(new Set(calls.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
  });

  test('of a dry run is shown and not sent', async () => {
    const { api, calls, webhook, receiver } = await hooked();
    const { body } = await api.ok('POST', `/webhooks/${webhook}/test?dryRun=events`);
    expect(body).toMatchObject({
      ...{ url: receiver.url, id: 'dry-run', signatures: 1, payload: { type: 'webhook.test' } },
      ...{ outcome: 'not_sent', status: null, durationMs: null, error: null, wouldRecord: [] },
    });
    expect(calls).toEqual([]);
  });

  test('of a webhook that is not there, or was removed, is 404, of a dry run too', async () => {
    const { api, webhook, calls } = await hooked();
    await api.ok('DELETE', `/webhooks/${webhook}`);
    for (const path of [`/webhooks/${webhook}/test`, '/webhooks/wh_none/test?dryRun=true']) {
      const { status, body } = await api.send('POST', path);
      expect([status, body.code]).toEqual([404, 'webhook_unknown']);
    }
    expect(calls).toEqual([]);
  });

  test('goes to no forbidden address, whatever name leads there', async () => {
    const receiver = await hookReceiver();
    const dns = await dnsServer(() => ['127.0.0.1']);
    const { delivery, hook } = await delivering({ allowPrivateTargets: false, nameServers: [dns.address] });
    await hook(receiver.url.replace('127.0.0.1', 'hooks.example.com'));
    expect(await delivery.test('wh_0')).toMatchObject({
      ...{ outcome: 'failed', status: null, error: expect.stringMatching(/not a public address/) },
    });
    expect(receiver.calls()).toBe(0);
    await delivery.stop();
  });

  test('ends when a receiver is silent for too long, and when delivering stops', async () => {
    const receiver = await hookReceiver();
    let isCalled = () => {};
    const called = new Promise<void>((resolve) => {
      isCalled = resolve;
    });
    receiver.answer(() => isCalled());
    const { delivery, hook, reopen } = await delivering({ timeoutMs: 50 });
    await hook(receiver.url);
    expect(await delivery.test('wh_0')).toMatchObject({
      ...{ outcome: 'failed', status: null, error: 'no answer within 50 ms' },
    });
    await delivery.stop();
    const patient = reopen({ timeoutMs: 600_000 });
    const test = patient.test('wh_0');
    await called;
    await patient.stop();
    expect(await test).toMatchObject({ outcome: 'failed', status: null });
  });
});
