/**
 * SSRF protection: addresses a webhook must not reach, that is the server's own machine and networks, and any other
 * address that is not a public host. The check is made when a name is resolved for a connection, which then uses the
 * checked address, so DNS rebinding has no effect. The address of the open connection is checked again.
 */
import { BlockList, isIP } from 'node:net';
import { GLOBAL_UNICAST_IPV6, SPECIAL_IPV4, SPECIAL_IPV6, type SpecialPrefix } from './special-purpose.ts';

/** The target's address is not allowed by the settings. */
class TargetForbidden extends Error {}

interface Checked {
  readonly list: BlockList;
  readonly name: string;
  /** The prefix is one address. */
  readonly isHost: boolean;
}

const checked = ([prefix, name]: SpecialPrefix): Checked => {
  const [address = '', bits] = prefix.split('/');
  const list = new BlockList();
  list.addSubnet(address, Number(bits), isIP(address) === 4 ? 'ipv4' : 'ipv6');
  return { list, name: `${name}, ${prefix}`, isHost: bits === (isIP(address) === 4 ? '32' : '128') };
};
/** The narrowest prefix first, since it is the most specific. */
const byLength = (prefixes: readonly SpecialPrefix[]): Checked[] =>
  prefixes.toSorted(([a], [b]) => bitsOf(b) - bitsOf(a)).map(checked);
const bitsOf = (prefix: string): number => Number(prefix.split('/')[1]);

const ipv4 = byLength(SPECIAL_IPV4);
const ipv6 = byLength(SPECIAL_IPV6);
const globalUnicast = checked([GLOBAL_UNICAST_IPV6, 'global unicast', 'RFC 4291']).list;

/**
 * The kind of a forbidden address, for example `loopback, 127.0.0.0/8`; null for a public host. An IPv4 address
 * embedded in an IPv6 one is checked too. A text that is not an address is forbidden.
 */
export const forbiddenAs = (text: string): string | null => {
  // A zone (`fe80::1%eth0`) refers to an interface of this machine.
  const [address = '', zone] = text.split('%');
  const kind = isIP(address);
  if (kind === 0) return 'not an address';
  if (zone !== undefined) return 'an address with a zone';
  if (kind === 4) return ipv4.find(({ list }) => list.check(address, 'ipv4'))?.name ?? null;
  const special = ipv6.find(({ list }) => list.check(address, 'ipv6'));
  if (special?.isHost) return special.name;
  for (const inner of embeddedIn(address)) {
    const as = ipv4.find(({ list }) => list.check(inner, 'ipv4'));
    if (as) return `${inner} inside (${as.name})`;
  }
  if (special) return special.name;
  return globalUnicast.check(address, 'ipv6') ? null : `outside of global unicast, ${GLOBAL_UNICAST_IPV6}`;
};

/** Throws TargetForbidden for a forbidden address; `host` is the name that resolved to it. */
export const checkAddress = (address: string, host = address): void => {
  const as = forbiddenAs(address);
  const leads = host === address ? address : `${host} leads to ${address}, which`;
  if (as !== null) throw new TargetForbidden(`${leads} is not a public address: ${as}`);
};

/** Names that always mean the local machine (RFC 6761, section 6.3). */
const LOCALHOST = /(?:^|\.)localhost\.?$/i;

/** Why the host of a URL is forbidden, if it is an address or localhost; null for other names and public addresses. */
export const hostProblem = (host: string): string | null => {
  if (LOCALHOST.test(host)) return `${host} is this machine, not a public address`;
  const bare = host.replace(/^\[|\]$/g, '');
  const as = isIP(bare) === 0 ? null : forbiddenAs(bare);
  return as === null ? null : `${bare} is not a public address: ${as}`;
};

/** Throws TargetForbidden if the host of a URL is a forbidden address or localhost. */
export const checkHost = (host: string): void => {
  const problem = hostProblem(host);
  if (problem) throw new TargetForbidden(problem);
};

const SIX_TO_FOUR = 0x2002;
const TEREDO = [0x2001, 0];
/** RFC 5214: an interface identifier that ends in an IPv4 address, under any prefix. */
const ISATAP = [
  [0x0000, 0x5efe],
  [0x0200, 0x5efe],
];

/**
 * IPv4 addresses that an IPv6 address may be translated to: IPv4-compatible and -mapped, translated (RFC 6052 with /96;
 * the local-use prefix also as RFC 6052 lays out /48), 6to4, Teredo (server and obscured client) and ISATAP.
 */
const embeddedIn = (address: string): string[] => {
  const groups = groupsOf(address);
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = groups;
  const [seventh = 0, eighth = 0] = groups.slice(6);
  const found = [];
  const isZeroUntil = (end: number): boolean => groups.slice(0, end).every((group) => group === 0);
  const isMapped = isZeroUntil(5) && groups[5] === 0xffff;
  if (isZeroUntil(6) || isMapped || (first === 0x64 && second === 0xff9b)) found.push([seventh, eighth]);
  if (first === 0x64 && second === 0xff9b && third === 1)
    // Bits 64 to 71 in between are zero.
    found.push([fourth, ((fifth & 0xff) << 8) | ((groups[5] ?? 0) >> 8)]);
  if (first === SIX_TO_FOUR) found.push([second, third]);
  if (first === TEREDO[0] && second === TEREDO[1])
    found.push([third, fourth], [seventh ^ 0xffff, eighth ^ 0xffff]);
  if (ISATAP.some(([high, low]) => fifth === high && groups[5] === low)) found.push([seventh, eighth]);
  return found.map(([high = 0, low = 0]) => [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.'));
};

/** The eight groups of an IPv6 address. */
const groupsOf = (address: string): number[] => {
  // The URL parser normalizes addresses: hexadecimal groups, the longest run of zeros as `::`.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [left = '', right] = canonical.split('::');
  const numbers = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((g) => parseInt(g, 16));
  const [head, tail] = [numbers(left), numbers(right ?? '')];
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
};
