/** A test clock set at one of three servers: reads and commands of all the others follow it, whoever set it, however fast. */
import { expect, onTestFinished, test } from 'vitest';
import { served, usage, withAccount } from '../../support/api.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { onEveryEngine } from '../engines.ts';
import { onEngine } from './pair.ts';

const START = Date.parse('2019-01-01T00:00:00+08:00');
const HOUR_MS = 3_600_000;

onEveryEngine('the clock of three servers', (open) => {
  test('set in turn at each, it is that of all, and a month that it ends is read as closed', async () => {
    const engine = await open();
    onTestFinished(() => engine.close());
    const address = engine.address();
    const all = await Promise.all([1, 2, 3].map(() => served(onEngine(address, temporaryFolder()))));
    onTestFinished(async () => void (await Promise.all(all.map((api) => api.stop()))));
    const [first] = all;
    if (!first) throw new Error('three servers');
    await withAccount(first);
    await first.ok('POST', '/usage', [usage('one', {}, 2_000)]);
    for (let n = 1; n <= 9; n++) {
      const setter = all[n % 3] ?? first;
      const now = new Date(START + n * 97 * HOUR_MS).toISOString();
      await setter.ok('PUT', '/clock', { now });
      // Each of the others is asked in another way first.
      for (const [i, api] of all.entries()) {
        const nowAt = async () => (await api.ok('GET', '/clock')).body.now;
        if ((n + i) % 2) await expect.poll(nowAt).toBe(now);
        else await api.ok('POST', '/accounts/acme/deposits', { amount: '1.00', reference: `d-${n}-${i}` });
        expect(await nowAt()).toBe(now);
        const { body } = await api.ok('GET', '/accounts/acme/estimate');
        expect(body.month).toBe(now < '2019-01-31T16:00:00.000Z' ? '2019-01' : '2019-02');
      }
    }
    const bills = await Promise.all(all.map((api) => api.ok('GET', '/accounts/acme/bills')));
    for (const { body } of bills) expect(body).toEqual(bills[0]?.body);
    expect(bills[0]?.body.items.map(({ month }: { month: string }) => month)).toEqual(['2019-01']);
  });

  test('is followed by servers that are asked for nothing, and by one that is started later', async () => {
    const engine = await open();
    onTestFinished(() => engine.close());
    const address = engine.address();
    const all = await Promise.all([1, 2].map(() => served(onEngine(address, temporaryFolder()))));
    onTestFinished(async () => void (await Promise.all(all.map((api) => api.stop()))));
    const now = '2019-01-22T00:00:00.000Z';
    await all[0]?.ok('PUT', '/clock', { now });
    const third = await served(onEngine(address, temporaryFolder()));
    onTestFinished(() => third.stop());
    for (const { running } of [...all, third])
      await expect.poll(() => new Date(running.api.clock.now()).toISOString()).toBe(now);
    // Never backwards, at whichever server.
    for (const api of [...all, third])
      expect((await api.send('PUT', '/clock', { now: '2019-01-21T00:00:00.000Z' })).status).toBeGreaterThan(
        399,
      );
  });
});
