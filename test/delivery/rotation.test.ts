/** A webhook's secret is rotated: for some time calls carry the signatures of both, checked by the reference library. */
import { Webhook } from 'standardwebhooks';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type ServedApi, served } from '../support/api.ts';
import { hookReceiver } from '../support/receivers.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');
const HOUR = 3_600;

interface Call {
  readonly body: string;
  readonly headers: Record<string, string>;
}

interface Hooked {
  readonly api: ServedApi;
  readonly webhook: string;
  readonly secret: string;
  /** Makes a fact, and gives the call that tells of it. */
  call(): Promise<Call>;
  rotate(overlapSeconds: number, key: string, webhook?: string): ReturnType<ServedApi['send']>;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
  onTestFinished(() => void vi.useRealTimers());
});
const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000);

const hooked = async (): Promise<Hooked> => {
  const api = await served({ SUANPAN_ALLOW_PRIVATE_TARGETS: 'true' });
  onTestFinished(() => api.stop());
  const receiver = await hookReceiver();
  const calls: Call[] = [];
  receiver.answer((request, response, body) => {
    calls.push({ body, headers: request.headers as Record<string, string> });
    response.writeHead(204).end();
  });
  const added = await api.ok('POST', '/webhooks', { url: receiver.url, types: ['account.opened'] });
  let count = 0;
  return {
    api,
    webhook: added.body.webhook,
    secret: added.body.secret,
    call: async () => {
      count += 1;
      await api.ok('POST', '/accounts', { account: `account-${count}` });
      await api.running.api.delivery?.settleNow();
      const call = calls.at(-1);
      if (!call || calls.length !== count) throw new Error(`${calls.length} calls of ${count}`);
      return call;
    },
    rotate: (overlapSeconds, key, webhook = added.body.webhook) =>
      api.send('POST', `/webhooks/${webhook}/rotation`, { overlapSeconds }, { 'Idempotency-Key': key }),
  };
};

const accepts = (secret: string, { body, headers }: Call): boolean => {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
};
const signatures = ({ headers }: Call): number => headers['webhook-signature']?.split(' ').length ?? 0;

describe('a rotation', () => {
  test('lets both secrets sign until the old one is over, and only the new one from then on', async () => {
    const { secret, call, rotate } = await hooked();
    expect(accepts(secret, await call())).toBe(true);
    const rotated = await rotate(HOUR, 'first');
    expect(rotated.status).toBe(201);
    const until = new Date(START + HOUR * 1_000).toISOString();
    expect(rotated.body.previousUntil).toBe(until);
    later(HOUR - 1);
    const both = await call();
    expect([accepts(secret, both), accepts(rotated.body.secret, both), signatures(both)]).toEqual([
      true,
      true,
      2,
    ]);
    later(1);
    const after = await call();
    expect([accepts(secret, after), accepts(rotated.body.secret, after), signatures(after)]).toEqual([
      false,
      true,
      1,
    ]);
  });

  test('of a secret that leaked ends the old one at once', async () => {
    const { secret, call, rotate } = await hooked();
    const rotated = await rotate(0, 'leaked');
    const next = await call();
    expect([accepts(secret, next), accepts(rotated.body.secret, next)]).toEqual([false, true]);
  });

  test('during another one leaves each old secret its own time', async () => {
    const { secret: first, call, rotate } = await hooked();
    const { secret: second } = (await rotate(3 * HOUR, 'one')).body;
    later(HOUR);
    const { secret: third } = (await rotate(HOUR, 'two')).body;
    const all = await call();
    expect([first, second, third].map((secret) => accepts(secret, all))).toEqual([true, true, true]);
    later(HOUR);
    const rest = await call();
    expect([first, second, third].map((secret) => accepts(secret, rest))).toEqual([true, false, true]);
  });

  test('that is repeated is the same rotation; with other content it is refused', async () => {
    const { call, rotate, secret, api, webhook } = await hooked();
    const rotated = await rotate(HOUR, 'again');
    later(60);
    const repeated = await rotate(HOUR, 'again');
    expect(repeated.body).toEqual(rotated.body);
    expect(repeated.headers.get('idempotency-hit')).toBe('true');
    const other = await rotate(2 * HOUR, 'again');
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    const next = await call();
    expect([accepts(secret, next), signatures(next)]).toEqual([true, 2]);
    // A repeat is answered as it was, also when the webhook is gone by then.
    await api.ok('DELETE', `/webhooks/${webhook}`);
    expect((await rotate(HOUR, 'again')).body).toEqual(rotated.body);
  });

  test('of a webhook that is not there is 404; secrets are shown nowhere else', async () => {
    const { api, rotate } = await hooked();
    const unknown = await rotate(HOUR, 'unknown', 'wh_none');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'webhook_unknown']);
    const { secret } = (await rotate(HOUR, 'shown')).body;
    const stored = (
      await api.running.api.ledger.store.read('webhooks', {
        from: 0,
        limit: 10,
        direction: 'forwards',
        records: false,
      })
    )
      .map(({ data }) => data)
      .join();
    expect(stored).not.toContain(secret.slice('whsec_'.length));
    expect(JSON.stringify((await api.ok('GET', '/webhooks')).body)).not.toContain('secret');
  });
});
