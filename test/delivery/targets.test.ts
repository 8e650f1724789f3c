/** Webhooks lead to public hosts only: by address, by name, and by what a name leads to when the connection is made. */
import { createServer } from 'node:http';
import { createServer as createTcpServer, isIP } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { forbiddenAs, hostProblem } from '../../src/delivery/allowed-addresses.ts';
import { callWebhook } from '../../src/delivery/send-webhook.ts';
import { SPECIAL_IPV4, SPECIAL_IPV6 } from '../../src/delivery/special-purpose.ts';
import { served } from '../support/api.ts';
import { dnsServer } from '../support/dns-server.ts';
import { hookReceiver } from '../support/receivers.ts';
import { delivering, deposit, onMovedClock, SECRET } from './delivering.ts';

onMovedClock();

const bits = (address: string): bigint => {
  if (isIP(address) === 4) return address.split('.').reduce((n, part) => (n << 8n) | BigInt(part), 0n);
  const [left = '', right = ''] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const of = (part: string) => part.split(':').filter(Boolean);
  const zeros = Array(8 - of(left).length - of(right).length).fill('0');
  return [...of(left), ...zeros, ...of(right)].reduce((n, group) => (n << 16n) | BigInt(`0x${group}`), 0n);
};
const text = (value: bigint, kind: number): string =>
  kind === 4
    ? [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join('.')
    : Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16)).join(':');

/** The first, the last and a middle address of a prefix. */
const within = (prefix: string): string[] => {
  const [address = '', length] = prefix.split('/');
  const kind = isIP(address);
  const free = BigInt((kind === 4 ? 32 : 128) - Number(length));
  const first = bits(address);
  return [first, first + (1n << free) - 1n, first + (1n << free) / 2n].map((value) =>
    text(free === 0n ? first : value, kind),
  );
};

describe('the registries of special-purpose addresses', () => {
  test.each([...SPECIAL_IPV4, ...SPECIAL_IPV6])('%s (%s) is refused from end to end', (prefix) => {
    for (const address of within(prefix)) {
      expect(forbiddenAs(address), address).not.toBeNull();
      const host = isIP(address) === 4 ? address : `[${address}]`;
      expect(hostProblem(new URL(`http://${host}/`).hostname), host).not.toBeNull();
    }
  });

  test.each(SPECIAL_IPV4)(
    '%s (%s) is refused inside of an IPv6 address, however it is put there',
    (prefix) => {
      for (const address of within(prefix)) {
        const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
        const hex = (high: number, low: number) => ((high << 8) | low).toString(16);
        const dotted = `${hex(a, b)}:${hex(c, d)}`;
        for (const outer of [
          `::${dotted}`,
          `::ffff:${dotted}`,
          `64:ff9b::${dotted}`,
          `64:ff9b:1::${dotted}`,
          `64:ff9b:1:${hex(a, b)}:${hex(0, c)}:${hex(d, 0)}::`,
          `2002:${dotted}::`,
          `2002:${dotted}::1`,
          `2001:0:${dotted}::1`,
          `2001:0:808:808::${hex(a ^ 0xff, b ^ 0xff)}:${hex(c ^ 0xff, d ^ 0xff)}`,
          `2606:4700::5efe:${dotted}`,
          `2606:4700::200:5efe:${dotted}`,
        ])
          expect(forbiddenAs(outer), outer).not.toBeNull();
      }
    },
  );

  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2001:200::1',
    '2001:4860:4860::8888',
    '2003::1',
    '2606:4700:4700::1111',
    '2620:4f:8001::1',
    '3ffe::1',
    '3fff:1000::1',
    '2a00:1450:4001:830::200e',
  ])('%s is a public address', (address) => {
    expect(forbiddenAs(address)).toBeNull();
  });

  test.each([
    '',
    'localhost',
    '127.1',
    'fe80::1%eth0',
    '2001:db8::1%1',
    '4000::1',
    '1::1',
    'fe00::1',
    '200::1',
  ])('%s is not', (address) => {
    expect(forbiddenAs(address)).not.toBeNull();
  });
});

test('a webhook for an address that is not public is refused when it is added', async () => {
  const api = await served({ SUANPAN_ALLOW_PRIVATE_TARGETS: 'false' });
  onTestFinished(() => api.stop());
  for (const url of [
    'http://[2002:7f00:1::]/',
    'http://[::7f00:1]/',
    'http://[64:ff9b:1::7f00:1]/',
    'http://[fec0::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://127.0.0.1/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://localhost/',
    'https://LOCALHOST./',
    'http://printer.localhost:8080/',
    'http://8.8.8.8/\u0000',
    'http://exam\nple.com/',
    ' http://example.com/',
  ]) {
    const answer = await api.send('POST', '/webhooks', { url });
    expect(answer.status, url).toBe(400);
    expect(answer.body, url).toMatchObject({ code: 'invalid_request', field: 'url' });
  }
  expect((await api.ok('GET', '/webhooks')).body.items).toEqual([]);
});

describe('a name', () => {
  /** A listener on loopback that says whether anybody came. */
  const listener = async (): Promise<{ port: number; visits: () => number }> => {
    let visits = 0;
    const server = createServer((_, response) => void response.end());
    server.on('connection', () => {
      visits += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    return { port: typeof address === 'object' && address ? address.port : 0, visits: () => visits };
  };

  test.each([
    ['127.0.0.1'],
    ['10.0.0.1'],
    ['::1'],
    ['2002:7f00:1::'],
    ['::7f00:1'],
    ['64:ff9b::a00:1'],
    ['fec0::7'],
    ['8.8.8.8', '127.0.0.1'],
    ['2606:4700::1111', '127.0.0.1'],
    ['127.0.0.1', '8.8.8.8'],
  ])(
    'that leads to %s %s is refused when it is called, and nothing is connected to',
    async (...addresses) => {
      const { port, visits } = await listener();
      const dns = await dnsServer(() => addresses);
      const { given, delivery, hook } = await delivering({
        allowPrivateTargets: false,
        nameServers: [dns.address],
      });
      await hook(`http://hooks.example.com:${port}/`);
      await deposit(given, 'one');
      await delivery.settleNow();
      expect(delivery.counts()).toMatchObject({ delivered: 0, failed: 1 });
      expect(visits()).toBe(0);
      await delivery.stop();
    },
  );

  test('that a resolver let through is refused by where the connection leads, before a byte is sent', async () => {
    let sent = 0;
    const server = createTcpServer((socket) => {
      socket
        .on('error', () => undefined)
        .on('data', () => {
          sent += 1;
        });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const answer = await callWebhook({
      url: `http://hooks.example.com:${typeof address === 'object' && address ? address.port : 0}/`,
      headers: {},
      body: '{}',
      allowPrivateTargets: false,
      lookup: (_name, _options, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
      timeoutMs: 60_000,
      signal: new AbortController().signal,
    });
    expect(answer).toMatchObject({ outcome: 'failed', error: expect.stringMatching(/not a public address/) });
    await new Promise((resolve) => server.close(resolve));
    expect(sent).toBe(0);
  });

  test('is resolved once a call, and what was checked is what is called', async () => {
    const receiver = await hookReceiver();
    const dns = await dnsServer(() => ['127.0.0.1']);
    const { given, delivery, hook } = await delivering({ nameServers: [dns.address] });
    await hook(receiver.url.replace('127.0.0.1', 'hooks.example.com'));
    receiver.trust(SECRET);
    await deposit(given, 'one');
    await delivery.settleNow();
    expect(receiver.calls()).toBe(1);
    // One question for each kind of address.
    expect(dns.asked).toEqual(['hooks.example.com', 'hooks.example.com']);
    await delivery.stop();
  });

  test('whose name server is silent delays no other', async () => {
    const receiver = await hookReceiver();
    const dns = await dnsServer((name) => (name.startsWith('silent') ? null : ['127.0.0.1']));
    const { given, delivery, hook } = await delivering({ timeoutMs: 600_000, nameServers: [dns.address] });
    for (let i = 0; i < 8; i++) await hook(`http://silent-${i}.example.com/`);
    await hook(receiver.url.replace('127.0.0.1', 'hooks.example.com'));
    receiver.trust(SECRET);
    delivery.start();
    for (let i = 0; i < 5; i++) await deposit(given, `deposit-${i}`);
    await vi.waitFor(() => expect(receiver.received.length).toBe(5), { timeout: 60_000, interval: 10 });
    await delivery.stop();
  });
});
