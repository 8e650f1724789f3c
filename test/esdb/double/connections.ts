/** The listening socket of the double: it knows its connections, so that they can be reset one by one or all at once. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface Connections {
  readonly port: number;
  /** Resets the connection from a peer ("address:port"), or all. */
  readonly reset: (peer?: string) => void;
  /** Stops listening and resets what is open, as when the process is killed. */
  readonly close: () => Promise<void>;
}

const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress}:${remotePort}`;

/** Listens on the loopback; port 0 takes a free one. */
export const listen = async (port: number, accept: (socket: Socket) => void): Promise<Connections> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    accept(socket);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  const reset = (peer?: string): void => {
    for (const socket of sockets) if (!peer || peerOf(socket) === peer) socket.resetAndDestroy();
  };

  return {
    port: (server.address() as AddressInfo).port,
    reset,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      reset();
      await closed;
    },
  };
};
