/** The link to an engine: its connection is its own, and one that was given up is not used again. */
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { engineAddress } from '../../../src/eventstore/eventstoredb/address.ts';
import { type Link, openLink } from '../../../src/eventstore/eventstoredb/connection.ts';
import { LinkLost } from '../../../src/eventstore/eventstoredb/failures.ts';
import { ownConnection } from '../../../src/eventstore/eventstoredb/own-connection.ts';
import { lastPosition } from '../../../src/eventstore/eventstoredb/pages.ts';
import { type EsdbDouble, openDouble } from '../double/esdb-double.ts';
import { openProxy, type TcpProxy } from '../tcp-proxy.ts';

const LONG_MS = 60_000;
/** No pulse comes while a test runs. */
const STILL = { pulseMs: LONG_MS, deadMs: LONG_MS };
const BEATING = { pulseMs: 50, deadMs: 1_500 };

let double: EsdbDouble;
let proxy: TcpProxy;
beforeEach(async () => {
  double = await openDouble();
  proxy = await openProxy(double.port);
});
afterEach(async () => {
  await proxy.close();
  await double.stop();
});

const linked = (times: Parameters<typeof openLink>[1]): Link => {
  const link = openLink(engineAddress(`esdb://127.0.0.1:${proxy.port}?tls=false`), times);
  onTestFinished(() => link.close());
  return link;
};

test('two links to one address are two connections', async () => {
  const links = [linked(STILL), linked(STILL)];
  for (const [n, link] of links.entries()) {
    await link.call(lastPosition, LONG_MS);
    await link.call(lastPosition, LONG_MS);
    expect(proxy.connections()).toBe(n + 1);
  }
});

test('a connection that is dead without a word is given up for a new one', async () => {
  const link = linked(BEATING);
  await link.call(lastPosition, LONG_MS);
  const before = proxy.connections();
  proxy.halfOpen();
  await expect(link.call(lastPosition, LONG_MS)).rejects.toBeInstanceOf(LinkLost);
  await expect.poll(() => link.silentFor()).toBe(0);
  await link.call(lastPosition, LONG_MS);
  expect(proxy.connections()).toBeGreaterThan(before);
});

test('while the engine refuses connections only the pulse tries, and it hears at once when it is back', async () => {
  const link = linked(BEATING);
  await link.call(lastPosition, LONG_MS);
  await proxy.refuse();
  await expect.poll(() => link.silentFor()).toBeGreaterThan(0);
  let tried = 0;
  const work = async () => {
    tried += 1;
  };
  await expect(link.call(work, LONG_MS)).rejects.toBeInstanceOf(LinkLost);
  expect(tried).toBe(0);
  await proxy.accept();
  await expect.poll(() => link.silentFor()).toBe(0);
  await link.call(work, LONG_MS);
  expect(tried).toBe(1);
});

describe('a connection string of its own', () => {
  const timeoutOf = (text: string): number => Number(/timeout=(-?\d+)/i.exec(text)?.[1]);

  test.each([
    ['esdb://h:1', /^esdb:\/\/h:1\?keepAliveTimeout=\d+$/, 10_000],
    ['esdb://h:1?tls=false', /^esdb:\/\/h:1\?tls=false&keepAliveTimeout=\d+$/, 10_000],
    ['esdb://h:1?keep-alive-timeout=500&tls=false', /^esdb:\/\/h:1\?keep-alive-timeout=\d+&tls=false$/, 500],
    ['esdb://h:1?keepAliveTimeout=-1', /^esdb:\/\/h:1\?keepAliveTimeout=\d+$/, 2 ** 31 - 1_001],
  ])('%s', (given, form, ms) => {
    const [one, two] = [ownConnection(given), ownConnection(given)];
    expect(one).toMatch(form);
    expect(one).not.toBe(two);
    for (const text of [one, two]) {
      expect(timeoutOf(text)).toBeGreaterThanOrEqual(ms);
      expect(timeoutOf(text)).toBeLessThanOrEqual(ms + 1_000);
    }
  });
});
