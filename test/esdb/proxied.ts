/** A ledger's address through a wire that can be cut or slowed down; it is closed when the test ends. */
import { onTestFinished } from 'vitest';
import { openProxy, type TcpProxy } from './tcp-proxy.ts';

/** A proxy before an engine of this machine, and the ledger's address through it. */
export const through = async (
  address: string,
): Promise<{ readonly proxy: TcpProxy; readonly address: string }> => {
  const [found = '', port = ''] = /(?:127\.0\.0\.1|localhost):(\d+)/.exec(address) ?? [];
  const proxy = await openProxy(Number(port));
  onTestFinished(() => proxy.close());
  return { proxy, address: address.replace(found, `127.0.0.1:${proxy.port}`) };
};
