/** Addresses of EventStoreDB and KurrentDB, and the parts of them that the adapter uses. */

export interface EngineAddress {
  /** In the client's format. */
  readonly connectionString: string;
  /**
   * Sent with every append, which makes the client send it as a separate call: its default path shares one table of
   * pending appends among all clients of a process, loses answers when any connection dies, and can end the process.
   * Without TLS neither client nor server checks them.
   */
  readonly credentials: { readonly username: string; readonly password: string };
  /** Prefix of this ledger's stream names in the engine: the `NAME.` of `ledger=NAME`, or `suanpan.`. */
  readonly prefix: string;
}

const SCHEME = /^(?:esdb|kurrentdb|kdb)(\+discover)?:\/\//;
const CREDENTIALS = /^([^:@/]+):([^@/]*)@/;
const NO_TLS = /[?&]tls=false(?:&|$)/i;
const HOST = String.raw`[^\s,:/?#@&=]+(?::\d{1,5})?`;
const HOSTS = new RegExp(`^(?:[^@/?]*@)?${HOST}(?:,${HOST})*/*(?:\\?|$)`);
const FLAG = /^(?:true|false)$/;
const COUNT = /^-?\d+$/;
const TEXT = /^.+$/;
/** Options known to the client, in its spelling. For unknown ones it would print the address with the password. */
const OPTIONS: ReadonlyMap<string, RegExp> = new Map([
  ['tls', FLAG],
  ['tlscafile', TEXT],
  ['usercertfile', TEXT],
  ['userkeyfile', TEXT],
  ['connectionname', TEXT],
  ['nodepreference', /^(?:leader|follower|readonlyreplica|random)$/i],
  ['throwonappendfailure', FLAG],
  ['maxdiscoverattempts', COUNT],
  ['discoveryinterval', COUNT],
  ['gossiptimeout', COUNT],
  ['defaultdeadline', COUNT],
  ['keepaliveinterval', COUNT],
  ['keepalivetimeout', COUNT],
]);
const LEDGER = /([?&])ledger=([^&]*)(&|$)/;
const LEDGER_NAME = /^[A-Za-z0-9_-]{1,64}$/;
/** The ledger name if an address has none. */
const DEFAULT_LEDGER = 'suanpan';
const UNUSED = { username: 'suanpan', password: 'unused' };

/** Whether a store's address names a distributed engine. */
export const isEngineAddress = (address: string): boolean => SCHEME.test(address);

/** Parses an address; throws a RangeError with the problem. */
export const engineAddress = (address: string): EngineAddress => {
  const [scheme = '', discover = ''] = SCHEME.exec(address) ?? [];
  if (scheme === '') throw new RangeError('is not esdb://HOST:PORT or kurrentdb://HOST:PORT');
  const named = LEDGER.exec(address);
  const name = named?.[2] ?? DEFAULT_LEDGER;
  if (!LEDGER_NAME.test(name)) throw new RangeError(`ledger=${name}: a name has 1 to 64 of A-Z a-z 0-9 _ -`);
  // The client does not know `ledger`.
  const rest = address
    .slice(scheme.length)
    .replace(LEDGER, (_, before, __, behind) => (behind === '' ? '' : before));
  if (!HOSTS.test(rest))
    throw new RangeError('is not HOST:PORT after its scheme, or several of them separated by commas');
  checkOptions(rest);
  const shared = { connectionString: `esdb${discover}://${rest}`, prefix: `${name}.` };
  const [, username, password = ''] = CREDENTIALS.exec(rest) ?? [];
  if (username !== undefined)
    return {
      ...shared,
      credentials: { username: decodeURIComponent(username), password: decodeURIComponent(password) },
    };
  if (!NO_TLS.test(rest))
    throw new RangeError('has TLS and no USER:PASSWORD@ before its host (without TLS: ?tls=false)');
  return { ...shared, credentials: UNUSED };
};

const checkOptions = (rest: string): void => {
  const [, ...parts] = rest.split(/[?&]/);
  for (const part of parts) {
    const [name = '', value = ''] = part.split('=');
    const rule = OPTIONS.get(name.toLowerCase().replace(/[_-]/g, ''));
    if (!rule) throw new RangeError(`has an option ${name}, which the client does not know`);
    if (!rule.test(value)) throw new RangeError(`has an option ${name} whose value is not ${rule.source}`);
  }
};

/** An address as it may be shown and logged. */
export const shownAddress = (address: string): string => {
  const [scheme] = SCHEME.exec(address) ?? [];
  if (scheme === undefined) return address;
  return scheme + address.slice(scheme.length).replace(CREDENTIALS, '');
};
