/** TLS before the double, by a certificate made for the test. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Makes a certificate for this machine's loopback that signs itself; null where there is no openssl. */
export const certificateIn = (folder: string): Certificate | null => {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-keyout', key, '-out', cert, '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
  ]);
  return made.status === 0 ? { key, cert } : null;
};

/** TLS before a port of this machine; what comes out is passed on as it is. */
export const secured = async (behind: number, { key, cert }: Certificate) => {
  const options = { key: readFileSync(key), cert: readFileSync(cert), ALPNProtocols: ['h2'] };
  const server = createServer(options, (client) => {
    const onward = connect(behind, '127.0.0.1');
    client.pipe(onward).pipe(client);
    client.on('error', () => onward.destroy());
    onward.on('error', () => client.destroy());
  });
  // Whoever hangs up in the middle of a handshake is no error of the test.
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
};
