import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openProxy, type TcpProxy } from './tcp-proxy.ts';

/** Long enough for bytes to cross the loopback twice, where it is shown that none do. */
const A_WHILE = 60;

/** A server that says back what it hears, in capitals. */
const openEcho = async () => {
  const open = new Set<Socket>();
  const heard: string[] = [];
  const server = createServer((socket) => {
    open.add(socket.on('close', () => open.delete(socket)).on('error', () => undefined));
    socket.on('data', (bytes) => {
      heard.push(bytes.toString());
      socket.write(bytes.toString().toUpperCase());
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { server, open, heard: () => heard.join(''), port: (server.address() as AddressInfo).port };
};

const dial = (port: number) => {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  let state = 'open';
  socket.on('data', (bytes) => {
    heard += bytes.toString();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    state = error.code ?? error.message;
  });
  return {
    say: (text: string) => socket.write(text),
    heard: () => heard,
    hears: (text: string) => expect.poll(() => heard).toBe(text),
    state: () => state,
    comesTo: (expected: string) => expect.poll(() => state).toBe(expected),
    hangUp: () => socket.destroy(),
  };
};

describe('a proxy', () => {
  let echo: Awaited<ReturnType<typeof openEcho>>;
  let proxy: TcpProxy;
  let client: ReturnType<typeof dial>;

  beforeEach(async () => {
    echo = await openEcho();
    proxy = await openProxy(echo.port);
    client = dial(proxy.port);
    client.say('a');
    await client.hears('A');
  });

  afterEach(async () => {
    client.hangUp();
    await proxy.close();
    echo.server.close();
  });

  const newOnesWork = async (): Promise<void> => {
    const another = dial(proxy.port);
    another.say('new');
    await another.hears('NEW');
    another.hangUp();
  };

  it('cut: resets what is open and takes what comes', async () => {
    proxy.cut();
    await client.comesTo('ECONNRESET');
    await expect.poll(() => echo.open.size).toBe(0);
    await newOnesWork();
    expect(proxy.connections()).toBe(2);
  });

  it('refuse: resets what is open and refuses what comes, until it accepts on the same port', async () => {
    await proxy.refuse();
    await client.comesTo('ECONNRESET');
    await dial(proxy.port).comesTo('ECONNREFUSED');
    await proxy.accept();
    await newOnesWork();
  });

  it('delay: every byte takes longer, there and back, and none overtakes another', async () => {
    const before = performance.now();
    proxy.delay(100);
    client.say('b');
    client.say('c');
    await client.hears('ABC');
    expect(performance.now() - before).toBeGreaterThanOrEqual(195);
  });

  it('loseAnswers: the server hears what it is told, the client hears nothing', async () => {
    proxy.loseAnswers();
    client.say('b');
    await expect.poll(echo.heard).toBe('ab');
    await pause(A_WHILE);
    expect([client.heard(), client.state()]).toEqual(['A', 'open']);
  });

  it('halfOpen: the server is gone, the client is not told', async () => {
    proxy.halfOpen();
    client.say('b');
    await expect.poll(() => echo.open.size).toBe(0);
    await pause(A_WHILE);
    expect([client.heard(), client.state(), echo.heard()]).toEqual(['A', 'open', 'a']);
    await newOnesWork();
  });

  it('blackHole: both stay and neither hears the other; healed, the connection is reset', async () => {
    proxy.blackHole();
    client.say('b');
    await pause(A_WHILE);
    expect([client.heard(), client.state(), echo.heard(), echo.open.size]).toEqual(['A', 'open', 'a', 1]);
    proxy.heal();
    await client.comesTo('ECONNRESET');
    await newOnesWork();
  });
});
