/** A wire between a client and a server of this machine that a test can cut, slow down or let lose what it carries. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface TcpProxy {
  /** Stays the same through `refuse` and `accept`. */
  readonly port: number;
  /** How many connections were taken so far. */
  readonly connections: () => number;
  /** Resets every open connection on both sides; new ones are taken. */
  readonly cut: () => void;
  /** The link is down: what is open is reset, what comes is refused. */
  readonly refuse: () => Promise<void>;
  /** The link is up again. */
  readonly accept: () => Promise<void>;
  /** Every byte takes this much longer, in both directions. */
  readonly delay: (milliseconds: number) => void;
  /** Requests arrive, answers do not: the server's bytes vanish, also on new connections. */
  readonly loseAnswers: () => void;
  /** The server's side of every open connection closes and the client is not told; new ones work. */
  readonly halfOpen: () => void;
  /** Bytes of both directions vanish and nobody is told of anything, also on new connections. */
  readonly blackHole: () => void;
  /** All works again at once. A connection that lost bytes cannot go on and is reset. */
  readonly heal: () => void;
  readonly close: () => Promise<void>;
}

type Side = 'client' | 'server';

/** A connection through the proxy, seen from both ends. */
interface Wire {
  readonly client: Socket;
  readonly server: Socket;
  /** It lost bytes or the news of an end, and is of no more use. */
  broken: boolean;
  /** Nothing that comes is passed on any more. */
  deaf: boolean;
}

const NONE: ReadonlySet<Side> = new Set();

/** Listens on the loopback and passes everything on to a port there. */
export const openProxy = async (targetPort: number): Promise<TcpProxy> => {
  const wires = new Set<Wire>();
  let silenced = NONE;
  let latency = 0;
  let taken = 0;
  let listening: Server | undefined;
  let port = 0;

  const passes = (wire: Wire, from: Side): boolean => {
    const passed = !wire.deaf && !silenced.has(from);
    if (!passed) wire.broken = true;
    return passed;
  };

  const carry = (wire: Wire, from: Side): void => {
    const [source, sink] = from === 'client' ? [wire.client, wire.server] : [wire.server, wire.client];
    let earlier = Promise.resolve();
    const after = (act: () => void): void => {
      const due = performance.now() + latency;
      earlier = earlier.then(async () => {
        const wait = due - performance.now();
        if (wait > 0) await pause(wait);
        if (passes(wire, from) && !sink.destroyed) act();
      });
    };
    source.on('data', (bytes) => after(() => sink.write(bytes)));
    source.on('error', () => source.destroy());
    source.on('close', () => after(() => sink.destroy()));
  };

  const reset = (wire: Wire): void => {
    wires.delete(wire);
    wire.client.resetAndDestroy();
    wire.server.resetAndDestroy();
  };

  const cut = (): void => {
    for (const wire of wires) reset(wire);
  };

  const take = (client: Socket): void => {
    taken += 1;
    const wire: Wire = { client, server: connect(targetPort, '127.0.0.1'), broken: false, deaf: false };
    wires.add(wire);
    carry(wire, 'client');
    carry(wire, 'server');
  };

  const accept = async (): Promise<void> => {
    if (listening) return;
    listening = createServer(take);
    listening.listen(port, '127.0.0.1');
    await once(listening, 'listening');
    ({ port } = listening.address() as AddressInfo);
  };

  const refuse = async (): Promise<void> => {
    const server = listening;
    listening = undefined;
    const closed = server && once(server, 'close');
    server?.close();
    cut();
    await closed;
  };

  await accept();
  return {
    port,
    connections: () => taken,
    cut,
    refuse,
    accept,
    delay: (milliseconds) => {
      latency = milliseconds;
    },
    loseAnswers: () => {
      silenced = new Set<Side>(['server']);
    },
    halfOpen: () => {
      for (const wire of wires) {
        wire.deaf = true;
        wire.server.destroy();
      }
    },
    blackHole: () => {
      silenced = new Set<Side>(['client', 'server']);
    },
    heal: () => {
      silenced = NONE;
      latency = 0;
      for (const wire of wires) if (wire.broken || wire.deaf) reset(wire);
    },
    close: refuse,
  };
};
