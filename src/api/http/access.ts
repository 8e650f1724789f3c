/** Who may call a route: the key, its scope, the accounts it is bound to, and how often. */
import type { IncomingHttpHeaders } from 'node:http';
import { hasScope, isUsable, KEYS, type Key, type Keyring, seesAccount } from '../../access/keyring.ts';
import { appendSystem } from '../../ledger/system/streams.ts';
import type { Api } from './api.ts';
import { ApiProblem } from './problems/problem.ts';
import type { Route } from './route.ts';

export interface Access {
  /** The key of a request that may go on; throws the reason why it may not. */
  admit(route: Route, headers: IncomingHttpHeaders, account: string | undefined): Promise<Key>;
}

const BEARER = /^Bearer ([\x21-\x7e]{8,200})$/i;
const REFRESH_MS = 1_000;
const HOUR = 3_600_000;
const KNOWN_MAX = 10_000;

/** `perSecond`: requests per second allowed for a key; null: unlimited. */
export const openAccess = (api: Api, perSecond: number | null): Access => {
  /** Header texts seen before; a key is hashed once, not at each request. */
  const known = new Map<string, string>();
  const buckets = new Map<string, { tokens: number; at: number }>();
  let refreshed = 0;

  const keyOf = async (header: string): Promise<Key | null> => {
    const [, text = ''] = BEARER.exec(header) ?? [];
    const found = api.keyring.find(text);
    if (found) return found;
    // Another server may have created it.
    const now = performance.now();
    if (now - refreshed < REFRESH_MS) return null;
    refreshed = now;
    await api.keyring.refresh();
    return api.keyring.find(text);
  };

  const take = (key: Key): void => {
    if (perSecond === null) return;
    const now = performance.now();
    const bucket = buckets.get(key.key) ?? { tokens: perSecond, at: now };
    const tokens = Math.min(perSecond, bucket.tokens + ((now - bucket.at) / 1_000) * perSecond);
    buckets.set(key.key, { tokens: tokens - (tokens < 1 ? 0 : 1), at: now });
    if (tokens < 1) {
      throw new ApiProblem('rate_limited', `more than ${perSecond} requests a second`);
    }
  };

  return {
    admit: async (route, { authorization }, account) => {
      if (authorization === undefined)
        throw new ApiProblem('key_missing', 'a key is needed: Authorization: Bearer KEY', {}, CHALLENGE);
      const name = known.get(authorization);
      const key = (name === undefined ? null : named(api.keyring, name)) ?? (await keyOf(authorization));
      const now = api.realNow();
      if (!key || !isUsable(key, now))
        throw new ApiProblem('key_invalid', 'this key is unknown, expired or revoked', {}, CHALLENGE);
      if (name === undefined) {
        if (known.size >= KNOWN_MAX) known.clear();
        known.set(authorization, key.key);
      }
      take(key);
      const { ownScope } = route;
      const isOwnOnly = !hasScope(key, route.scope) && ownScope !== null && hasScope(key, ownScope);
      if (!isOwnOnly && !hasScope(key, route.scope))
        throw new ApiProblem('scope_missing', `this needs the scope ${route.scope}`, { scope: route.scope });
      if (account !== undefined && !seesAccount(key, account))
        throw new ApiProblem('account_forbidden', 'this key is bound to other accounts', { account });
      if (key.accounts !== null && !isOwnOnly && !isBound(route))
        throw new ApiProblem('account_forbidden', 'this key is bound to accounts, and this concerns all', {});
      noteUse(api, key, now);
      return key;
    },
  };
};

const CHALLENGE = { 'WWW-Authenticate': 'Bearer' };

const named = (keyring: Keyring, name: string): Key | null => keyring.get(name);

/** Routes that check the key's accounts themselves, or concern no account. */
const OPEN_TO_BOUND = new Set([
  'GET /disputes',
  'POST /usage',
  'GET /accounts',
  'POST /accounts',
  'GET /stream',
  'GET /clock',
  'GET /session',
  'GET /checkpoints',
  'GET /checkpoints/:size/consistency',
  'GET /signing-keys',
]);
const isBound = ({ method, path }: Route): boolean =>
  path.includes(':account') ||
  path.includes(':dispute') ||
  path.startsWith('/price-books') ||
  OPEN_TO_BOUND.has(`${method} ${path}`);

/** Records, at most once an hour, that a key was used; a failure to record it does not refuse the request. */
const noteUse = (api: Api, key: Key, now: number): void => {
  if (key.key === 'first') return;
  const last = Math.max(
    Date.parse(key.lastUsedAt ?? '1970-01-01T00:00:00Z'),
    api.keyring.noted.get(key.key) ?? 0,
  );
  if (now - last < HOUR) return;
  api.keyring.noted.set(key.key, now);
  const used = async () => [{ key: key.key }];
  appendSystem(api.ledger.store, KEYS, 'KeyUsed', now, api.recordedAt(), used).then(
    () => api.keyring.refresh(),
    () => undefined,
  );
};
