/** A name server on this machine that answers as a test says, over UDP. */
import { createSocket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import { onTestFinished } from 'vitest';

export interface DnsServer {
  /** For a resolver's list of servers. */
  readonly address: string;
  /** Names that were asked for, once for each kind of address. */
  readonly asked: string[];
}

const TYPE_A = 1;
const TYPE_AAAA = 28;
const HEADER_BYTES = 12;
const NAME_ERROR = 3;

/** A name server; `addressesOf` gives a name's addresses now, null where nothing is to be answered. */
export const dnsServer = async (
  addressesOf: (name: string) => readonly string[] | null,
): Promise<DnsServer> => {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, { port, address }) => {
    const { name, type, end } = questionOf(query);
    asked.push(name);
    const all = addressesOf(name);
    if (all === null) return;
    const found = all.filter((one) => (isIPv4(one) ? TYPE_A : TYPE_AAAA) === type);
    const header = Buffer.alloc(HEADER_BYTES);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | (all.length === 0 ? NAME_ERROR : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(found.length, 6);
    socket.send(
      Buffer.concat([header, query.subarray(HEADER_BYTES, end), ...found.map(recordOf)]),
      port,
      address,
    );
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => void socket.close());
  return { address: `127.0.0.1:${socket.address().port}`, asked };
};

const questionOf = (query: Buffer): { name: string; type: number; end: number } => {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('ascii', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
};

/** A record for the question's own name, good for no time at all. */
const recordOf = (address: string): Buffer => {
  const bytes = isIPv4(address) ? Buffer.from(address.split('.').map(Number)) : ipv6Bytes(address);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  head.writeUInt16BE(isIPv4(address) ? TYPE_A : TYPE_AAAA, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(bytes.length, 10);
  return Buffer.concat([head, bytes]);
};

const ipv6Bytes = (address: string): Buffer => {
  const [left = '', right = ''] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const of = (part: string) => part.split(':').filter(Boolean);
  const groups = [...of(left), ...Array(8 - of(left).length - of(right).length).fill('0'), ...of(right)];
  const bytes = Buffer.alloc(16);
  groups.forEach((group, i) => void bytes.writeUInt16BE(Number.parseInt(group, 16), 2 * i));
  return bytes;
};
