/**
 * Resolves names of receivers. `dns.lookup` blocks a thread of the process's small pool while a name server is silent,
 * which delays everything else that uses the pool. So names are first resolved by the asynchronous resolver, and only
 * names it does not find (a hosts file, a short name) by `dns.lookup`, a few at a time.
 */
import { type LookupAddress, type LookupOptions, lookup, promises } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { checkAddress } from './allowed-addresses.ts';

export interface ResolverOf {
  /** False: fails if any address of a name is not public. */
  readonly allowPrivateTargets: boolean;
  /** `HOST:PORT` of name servers; null: the system's. */
  readonly nameServers?: readonly string[] | null;
}

const ASKED_MS = 2_000;
const ASKED_TIMES = 2;
/** Limit on the threads used, out of the pool's four. */
const LOOKUPS_AT_ONCE = 2;
const LOOKUPS_WAITING = 64;

/** A `lookup` function for sockets, which connect only to the addresses that it returns. */
export const openResolver = ({ allowPrivateTargets, nameServers = null }: ResolverOf): LookupFunction => {
  const resolver = new promises.Resolver({ timeout: ASKED_MS, tries: ASKED_TIMES });
  if (nameServers) resolver.setServers(nameServers);
  const looked = limited(LOOKUPS_AT_ONCE, LOOKUPS_WAITING);

  const asked = async (name: string): Promise<LookupAddress[]> => {
    const [six, four] = await Promise.allSettled([resolver.resolve6(name), resolver.resolve4(name)]);
    const of = (result: PromiseSettledResult<string[]>, family: 4 | 6): LookupAddress[] =>
      result.status === 'fulfilled' ? result.value.map((address) => ({ address, family })) : [];
    return [...of(four, 4), ...of(six, 6)];
  };
  const addressesOf = async (name: string): Promise<LookupAddress[]> => {
    const found = await asked(name);
    if (found.length > 0 || nameServers) return found;
    return looked(() => systemLookup(name));
  };

  return (hostname: string, options: LookupOptions, callback) => {
    addressesOf(hostname)
      .then((all) => {
        if (!allowPrivateTargets) for (const { address } of all) checkAddress(address, hostname);
        const [first] = all;
        if (!first) throw new Error(`${hostname} has no address`);
        if (options.all) callback(null, all);
        else callback(null, first.address, first.family);
      })
      .catch((error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), '', 0));
  };
};

const systemLookup = (name: string): Promise<LookupAddress[]> =>
  new Promise((resolve, reject) => {
    lookup(name, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });

/** Limits concurrency to `most`, and rejects when `waitingMost` calls are already waiting. */
const limited = (most: number, waitingMost: number) => {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= most) {
      if (waiting.length >= waitingMost) throw new Error('too many names are being looked up');
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
};
