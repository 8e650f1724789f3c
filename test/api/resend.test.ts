/** A dead delivery sent again over HTTP: once for a key, however often it is asked, also after a restart. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ServedApi, served, withAccount } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';
import { hookReceiver } from '../support/receivers.ts';

const GONE = 410;

test('the same key and content is a hit, other content is refused, and it is tried once', async () => {
  const env = {
    SUANPAN_STORE: `sqlite:${join(temporaryFolder(), 'ledger.db')}`,
    SUANPAN_ALLOW_PRIVATE_TARGETS: 'true',
  };
  const receiver = await hookReceiver();
  receiver.answer(GONE);
  let api: ServedApi = await served(env);
  const settled = () => api.running.api.delivery?.settleNow();
  const deadOnes = async (): Promise<string[]> =>
    (await api.ok('GET', '/deliveries/dead')).body.items.map((one: { delivery: string }) => one.delivery);
  const resend = (delivery: string | undefined, key?: string) =>
    api.send('POST', '/deliveries/resend', { delivery }, key ? { 'idempotency-key': key } : {});
  try {
    const hook = { url: receiver.url, types: ['funds.deposited', 'service.activated'] };
    const { body } = await api.ok('POST', '/webhooks', hook);
    receiver.trust(body.secret);
    await withAccount(api);
    await settled();
    const [one, two] = await deadOnes();
    expect(two).toBeDefined();
    receiver.answer(200);

    const first = await resend(one, 'key');
    expect([first.status, first.headers.get('idempotency-hit')]).toEqual([202, null]);
    await settled();
    expect([receiver.received.length, await deadOnes()]).toEqual([1, [two]]);
    const { length } = await api.running.api.ledger.store.head('deliveries');

    for (const restart of [false, true]) {
      if (restart) {
        await api.stop();
        api = await served(env);
      }
      const again = await resend(one, 'key');
      expect([again.status, again.body, again.headers.get('idempotency-hit')]).toEqual([
        202,
        { delivery: one },
        'true',
      ]);
      const other = await resend(two, 'key');
      expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
      await settled();
      expect([receiver.received.length, await deadOnes()]).toEqual([1, [two]]);
      expect(await api.running.api.ledger.store.head('deliveries')).toMatchObject({ length });
    }

    expect((await resend(two)).status).toBe(202);
    const gone = await resend(two);
    expect([gone.status, gone.body.code]).toEqual([404, 'delivery_unknown']);
    // What was to be tried again when the server stopped is tried when it starts.
    await api.stop();
    api = await served(env);
    await settled();
    expect([receiver.received.length, await deadOnes()]).toEqual([2, []]);
  } finally {
    await api.stop();
  }
});
