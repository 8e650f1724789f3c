/** deploy/haproxy.cfg, really run: on sockets of this machine, before two real servers or two that misbehave. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ADMIN, type ServedApi, served, usage } from '../support/api.ts';
import { temporaryFolder } from '../support/folder.ts';

const HAPROXY = [
  process.env['SUANPAN_TEST_HAPROXY'] ?? '',
  '/usr/sbin/haproxy',
  '/usr/local/sbin/haproxy',
].find((path) => path !== '' && existsSync(path));
if (HAPROXY === undefined) console.log('skipped: there is no HAProxy here (Debian: apt-get install haproxy)');

const CONFIG = readFileSync(new URL('../../deploy/haproxy.cfg', import.meta.url), 'utf8');
const AUTHORIZED = { authorization: `Bearer ${ADMIN}` };
/** An odd number: taking turns would not look like an account's own server. */
const ACCOUNTS = Array.from({ length: 41 }, (_, i) => `account-${i}`);

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

interface Proxy {
  readonly base: string;
  /** The proxy's own port. */
  readonly own: string;
}

/** The configuration as it is, but for addresses. */
const proxied = async (first: number, second: number): Promise<Proxy> => {
  const [port, own] = [await freePort(), await freePort()];
  const file = join(temporaryFolder(), 'haproxy.cfg');
  const config = CONFIG.replaceAll(' suanpan1:8080', ` 127.0.0.1:${first}`)
    .replaceAll(' suanpan2:8080', ` 127.0.0.1:${second}`)
    .replace('bind :8080', `bind 127.0.0.1:${port}`)
    .replace('bind :8404', `bind 127.0.0.1:${own}`);
  writeFileSync(file, config);
  const said: string[] = [];
  const child: ChildProcess = spawn(HAPROXY ?? '', ['-db', '-f', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => said.push(String(data)));
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const proxy = { base: `http://127.0.0.1:${port}`, own: `http://127.0.0.1:${own}` };
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`HAProxy ended: ${said.join('')}`);
    return (await fetch(`${proxy.own}/healthz`)).ok;
  });
  return proxy;
};

const until = async (holds: () => Promise<boolean>, ms = 60_000): Promise<void> => {
  const end = performance.now() + ms;
  for (;;) {
    const held = await holds().catch((error: unknown) => {
      if (error instanceof TypeError) return false;
      throw error;
    });
    if (held) return;
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${holds}`);
    await sleep(20);
  }
};

/** What a server is for the proxy: UP or DOWN. */
const stateOf = async ({ own }: Proxy, name: string): Promise<string | undefined> => {
  const text = await (await fetch(`${own}/metrics`)).text();
  return new RegExp(`^haproxy_server_status\\{proxy="anyone",server="${name}",state="(\\w+)"\\} 1`, 'm').exec(
    text,
  )?.[1];
};

interface Pair {
  readonly proxy: Proxy;
  readonly servers: readonly [ServedApi, ServedApi];
  /** Stops the server of this place; a test that did must not ask it any more. */
  stop(place: 0 | 1): Promise<void>;
}

/** Two servers with ledgers of their own, so that an account's name shows which of them answered. */
const pair = async (): Promise<Pair> => {
  const servers = [await served(), await served()] as const;
  const alive = new Set<ServedApi>(servers);
  const stop = async (server: ServedApi) => {
    if (alive.delete(server)) await server.stop();
  };
  onTestFinished(() => Promise.all(servers.map(stop)).then(() => undefined));
  for (const [i, server] of servers.entries())
    await Promise.all(
      ACCOUNTS.map((account) => server.ok('POST', '/accounts', { account, name: String(i) })),
    );
  const [first, second] = servers.map(({ base }) => Number(new URL(base).port));
  return { proxy: await proxied(first ?? 0, second ?? 0), servers, stop: (place) => stop(servers[place]) };
};

/** A connection of its own each time, as callers that know nothing of one another. */
const get = (url: string) => fetch(url, { headers: { ...AUTHORIZED, connection: 'close' } });

const whoAnswers = async ({ base }: Proxy, account: string): Promise<number> => {
  const response = await get(`${base}/v1/accounts/${account}`);
  expect(response.status).toBe(200);
  return Number(((await response.json()) as { name: string }).name);
};

const askedOf = async (server: ServedApi, route: string): Promise<number> => {
  const text = await (await fetch(`${server.base}/metrics`)).text();
  return [...text.matchAll(/^suanpan_requests_total\{route="([^"]+)",status="\d+"\} (\d+)/gm)]
    .filter(([, name]) => name === route)
    .reduce((sum, [, , count]) => sum + Number(count), 0);
};

const report = (line: object) => `${JSON.stringify(line)}\n`;

describe.skipIf(HAPROXY === undefined)('the proxy', () => {
  test('gives an account to the same server every time, also its disputes, and each server its share', async () => {
    const { proxy, servers } = await pair();
    const homes = new Map<string, number>();
    for (const account of ACCOUNTS) homes.set(account, await whoAnswers(proxy, account));
    for (let round = 0; round < 4; round += 1)
      for (const account of ACCOUNTS)
        expect(await whoAnswers(proxy, account), account).toBe(homes.get(account));
    const ofSecond = [...homes.values()].reduce((sum, home) => sum + home, 0);
    expect(ofSecond).toBeGreaterThan(10);
    expect(ofSecond).toBeLessThan(30);

    const before = await Promise.all(servers.map((server) => askedOf(server, 'GET /v1/disputes/:dispute')));
    const expected = [...before];
    for (const [account, home] of homes)
      for (const dispute of [`${account}:1`, `${account}%3A2`]) {
        expected[home] = (expected[home] ?? 0) + 1;
        expect((await get(`${proxy.base}/v1/disputes/${dispute}`)).status).toBe(404);
      }
    const after = await Promise.all(servers.map((server) => askedOf(server, 'GET /v1/disputes/:dispute')));
    expect(after).toEqual(expected);
  });

  test('spreads reports of usage over both', async () => {
    const { proxy, servers } = await pair();
    const post = async (i: number) => {
      const body = JSON.stringify(usage(`call-${i}`, { subject: 'account-0' }));
      const headers = { ...AUTHORIZED, 'content-type': 'application/json' };
      expect((await fetch(`${proxy.base}/v1/usage`, { method: 'POST', headers, body })).status).toBe(200);
    };
    for (let i = 0; i < 40; i += 1) await post(i);
    const shares = await Promise.all(servers.map((server) => askedOf(server, 'POST /v1/usage')));
    expect((shares[0] ?? 0) + (shares[1] ?? 0)).toBe(40);
    for (const share of shares) expect(share).toBeGreaterThan(10);
  });

  test('a report that names its account goes to the account’s server', async () => {
    const { proxy, servers } = await pair();
    for (const account of ACCOUNTS.slice(0, 6)) {
      const home = await whoAnswers(proxy, account);
      const before = await askedOf(servers[home] as ServedApi, 'POST /v1/usage');
      const headers = { ...AUTHORIZED, 'content-type': 'application/json', 'x-account': account };
      for (let i = 0; i < 5; i += 1) {
        const body = JSON.stringify(usage(`named-${account}-${i}`, { subject: account }));
        expect((await fetch(`${proxy.base}/v1/usage`, { method: 'POST', headers, body })).status).toBe(200);
      }
      expect(await askedOf(servers[home] as ServedApi, 'POST /v1/usage')).toBe(before + 5);
    }
  });

  test('NDJSON is answered while it is still being sent', async () => {
    const { proxy } = await pair();
    const asked = request(`${proxy.base}/v1/usage`, {
      method: 'POST',
      headers: { ...AUTHORIZED, 'content-type': 'application/x-ndjson' },
    });
    const answer = once(asked, 'response') as Promise<[IncomingMessage]>;
    // As many lines as the server takes at a time.
    for (let i = 0; i < 1_000; i += 1) asked.write(report(usage(`early-${i}`, { subject: 'nobody' })));
    const [response] = await answer;
    const got: Buffer[] = [];
    response.on('data', (data: Buffer) => got.push(data));
    const lines = () => Buffer.concat(got).toString().split('\n').length - 1;
    await until(async () => lines() === 1_000);
    await sleep(100);
    for (let i = 0; i < 500; i += 1) asked.write(report(usage(`late-${i}`, { subject: 'nobody' })));
    asked.end();
    await once(response, 'end');
    expect(lines()).toBe(1_501);
    expect(JSON.parse(Buffer.concat(got).toString().trim().split('\n').at(-1) ?? '')).toEqual({
      accepted: 0,
      duplicates: 0,
      conflicts: 0,
      refused: 1_500,
    });
  });

  test('events arrive as they happen', async () => {
    const { proxy, servers, stop } = await pair();
    await stop(0);
    await servers[1].ok('POST', '/accounts', { account: 'live', name: 'Live' });
    const leaving = new AbortController();
    const response = await fetch(`${proxy.base}/v1/stream?account=live`, {
      headers: AUTHORIZED,
      signal: leaving.signal,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const decoder = new TextDecoder();
    let text = '';
    const reading = (async () => {
      for await (const part of response.body ?? []) text += decoder.decode(part, { stream: true });
    })();
    await until(async () => text.includes(': connected'));
    expect(text).not.toContain('FundsDeposited');
    await servers[1].ok('POST', '/accounts/live/deposits', { amount: '1.00', reference: 'first' });
    await until(async () => text.includes('event: FundsDeposited'));
    leaving.abort();
    await expect(reading).rejects.toThrow('aborted');
  });

  test('a server that stops costs no request, and gets its accounts back', async () => {
    const { proxy, servers, stop } = await pair();
    const homes = new Map<string, number>();
    for (const account of ACCOUNTS) homes.set(account, await whoAnswers(proxy, account));
    await stop(0);
    for (const account of ACCOUNTS) {
      expect(await whoAnswers(proxy, account)).toBe(1);
      const response = await fetch(`${proxy.base}/v1/accounts/${account}/services`, {
        method: 'POST',
        headers: { ...AUTHORIZED, 'content-type': 'application/json' },
        body: JSON.stringify({ product: 'face-recognition' }),
      });
      expect(response.status).toBe(201);
    }
    await until(async () => (await stateOf(proxy, 'suanpan1')) === 'DOWN');

    const again = await served({ SUANPAN_PORT: new URL(servers[0].base).port });
    onTestFinished(() => again.stop());
    await Promise.all(ACCOUNTS.map((account) => again.ok('POST', '/accounts', { account, name: '0' })));
    await until(async () => (await stateOf(proxy, 'suanpan1')) === 'UP');
    for (const account of ACCOUNTS)
      expect(await whoAnswers(proxy, account), account).toBe(homes.get(account));
  });

  test('shows nobody the metrics of one server or the other', async () => {
    const { proxy } = await pair();
    expect((await fetch(`${proxy.base}/metrics`)).status).toBe(404);
    expect((await fetch(`${proxy.base}/readyz`)).status).toBe(200);
    expect((await fetch(`${proxy.own}/`)).status).toBe(404);
  });

  describe('before servers that misbehave', () => {
    /** A server that says it is ready or not, and does the same to every other request. */
    const misbehaving = async (ready: () => boolean, listener: RequestListener) => {
      const asked: string[] = [];
      const server = createServer((incoming, response) => {
        if (incoming.url === '/readyz') return response.writeHead(ready() ? 200 : 503).end();
        asked.push(`${incoming.method} ${incoming.url}`);
        return listener(incoming, response);
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const stop = async () => {
        server.closeAllConnections();
        if (server.listening) await new Promise((done) => server.close(done));
      };
      onTestFinished(stop);
      return { asked, port: (server.address() as AddressInfo).port, stop };
    };
    const goesAway: RequestListener = (incoming) => {
      incoming.resume().once('end', () => incoming.socket.destroy());
    };
    const answers: RequestListener = (_, response) => void response.end('{}');
    const yes = () => true;

    test('a command that a server may have begun is not sent again, a read is', async () => {
      const servers = [await misbehaving(yes, goesAway), await misbehaving(yes, goesAway)] as const;
      const { base } = await proxied(servers[0].port, servers[1].port);
      const posted = await fetch(`${base}/v1/accounts/acme/deposits`, { method: 'POST', body: '{}' });
      expect([posted.status, posted.headers.get('retry-after')]).toEqual([502, '1']);
      expect(posted.headers.get('content-type')).toBe('application/problem+json');
      expect(await posted.json()).toMatchObject({ status: 502, code: 'server_gone' });
      expect(servers.flatMap(({ asked }) => asked)).toEqual(['POST /v1/accounts/acme/deposits']);

      expect((await fetch(`${base}/v1/accounts/acme`)).status).toBe(502);
      const read = 'GET /v1/accounts/acme';
      for (const { asked } of servers) expect(asked.filter((one) => one === read).length).toBeGreaterThan(0);
    });

    test('a read that one server drops is answered by the other', async () => {
      const servers = [await misbehaving(yes, goesAway), await misbehaving(yes, answers)] as const;
      const { base } = await proxied(servers[0].port, servers[1].port);
      for (const account of ACCOUNTS)
        expect((await fetch(`${base}/v1/accounts/${account}`)).status).toBe(200);
      expect(servers[0].asked.length).toBeGreaterThan(0);
    });

    test('each part of a body goes on before the next one comes, both ways', async () => {
      const echoes: RequestListener = (incoming, response) => void incoming.pipe(response);
      const servers = [await misbehaving(yes, echoes), await misbehaving(yes, echoes)] as const;
      const { base } = await proxied(servers[0].port, servers[1].port);
      const asked = request(`${base}/v1/usage`, { method: 'POST' });
      asked.write('1');
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      let got = '';
      response.on('data', (data) => {
        got += data;
      });
      for (const sent of ['1', '12', '123']) {
        await until(async () => got === sent);
        asked.write(String(sent.length + 1));
      }
      asked.end();
      await once(response, 'end');
    });

    test('a server that is not ready gets nothing while another is, and all are asked when none is', async () => {
      let ready = true;
      const servers = [
        await misbehaving(() => false, answers),
        await misbehaving(() => ready, answers),
      ] as const;
      const proxy = await proxied(servers[0].port, servers[1].port);
      await until(async () => (await stateOf(proxy, 'suanpan1')) === 'DOWN');
      const before = servers[0].asked.length;
      for (const account of ACCOUNTS)
        expect((await fetch(`${proxy.base}/v1/accounts/${account}`)).status).toBe(200);
      expect(servers[0].asked.length).toBe(before);

      ready = false;
      await until(async () => (await stateOf(proxy, 'suanpan2')) === 'DOWN');
      for (const account of ACCOUNTS)
        expect((await fetch(`${proxy.base}/v1/accounts/${account}`)).status).toBe(200);
      expect(servers[0].asked.length).toBeGreaterThan(before);
    });

    test('without any server it says so itself', async () => {
      const servers = [await misbehaving(yes, answers), await misbehaving(yes, answers)] as const;
      const { base } = await proxied(servers[0].port, servers[1].port);
      for (const { stop } of servers) await stop();
      const response = await fetch(`${base}/v1/usage`, { method: 'POST', body: '{}' });
      expect([response.status, response.headers.get('content-type')]).toEqual([
        503,
        'application/problem+json',
      ]);
      expect(await response.json()).toMatchObject({ status: 503, code: 'no_server' });
    });
  });
});
