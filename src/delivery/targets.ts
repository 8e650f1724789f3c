/**
 * Addresses a webhook may not lead to: the server's own machine and networks. Looked at when the connection is made,
 * because a name may lead elsewhere by then.
 */
import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** The target is an address that the settings do not allow. */
export class TargetForbidden extends Error {}

const blocked = new BlockList();
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  blocked.addSubnet(address, bits, 'ipv4');
for (const [address, bits] of [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  blocked.addSubnet(address, bits, 'ipv6');

/** Whether an address is private, loopback, link-local or otherwise no public host. IPv4 within IPv6 counts as IPv4. */
export const isForbidden = (address: string): boolean => {
  const kind = isIP(address);
  return kind === 0 || blocked.check(address, kind === 4 ? 'ipv4' : 'ipv6');
};

/** Throws TargetForbidden for a host that is an address by itself and may not be called. */
export const checkHost = (host: string): void => {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0 && isForbidden(bare)) throw new TargetForbidden(`${host} is no public address`);
};

/** Looks a name up, and fails where any of its addresses may not be called. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0);
    const forbidden = addresses.find(({ address }) => isForbidden(address));
    if (forbidden)
      return callback(
        new TargetForbidden(`${hostname} leads to ${forbidden.address}, no public address`),
        '',
        0,
      );
    const [first] = addresses;
    if (options.all) return callback(null, addresses as never);
    return first ? callback(null, first.address, first.family) : callback(new Error('no address'), '', 0);
  });
};
