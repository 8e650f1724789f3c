/**
 * API keys, from events: 256 random bits with a prefix that may be shown; only the SHA-256 is stored. A key has scopes,
 * may be bound to accounts, may expire, and may be revoked immediately or, for a rotation, at a later instant.
 */

import type { EventStore } from '../eventstore/event-store.ts';
import { sha256 } from '../integrity/sha256.ts';
import { endedBy, type UnreadableSystemEvent } from '../ledger/system/codec.ts';
import { readSystem } from '../ledger/system/streams.ts';
import type { Scope } from './events.ts';

export const KEYS = 'keys';

export interface Key {
  /** The key's id; not secret. */
  readonly key: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: readonly Scope[];
  /** Null: all accounts. */
  readonly accounts: readonly string[] | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  /** Void from then on. */
  readonly revokedAt: string | null;
  /** With a resolution of an hour. */
  readonly lastUsedAt: string | null;
}

interface Hashed extends Key {
  readonly hash: string;
  readonly content: string | null;
}

export interface Keyring {
  /** All keys ever created, in order of creation. */
  list(): readonly Key[];
  /** The key with this text, whatever its state. */
  find(text: string): Key | null;
  get(key: string): Key | null;
  /** Content hash of the request that created a key; null if it had no idempotency key. */
  contentOf(key: string): string | null;
  /** When this server last recorded a use, by key. */
  readonly noted: Map<string, number>;
  /** Reads events appended since. */
  refresh(): Promise<void>;
}

const PREFIX_LENGTH = 11;
/** Shown characters of a key from the settings, which may be short. */
const FIRST_SHOWN = 3;

/** The text of a key: `sk_` and its 32 bytes in base64url. */
export const keyText = (bytes: Buffer): string => `sk_${bytes.toString('base64url')}`;

export const prefixOf = (text: string): string => text.slice(0, PREFIX_LENGTH);

/** Whether a key may be used at an instant. */
export const isUsable = ({ expiresAt, revokedAt }: Key, now: number): boolean =>
  (expiresAt === null || now < Date.parse(expiresAt)) && (revokedAt === null || now < Date.parse(revokedAt));

/** Scopes that each scope includes. */
const INCLUDED: Readonly<Record<Scope, readonly Scope[]>> = {
  admin: ['admin', 'operate', 'meter', 'read'],
  operate: ['operate', 'read'],
  meter: ['meter'],
  read: ['read'],
};

/** Whether a key's scopes include one. */
export const hasScope = ({ scopes }: Key, scope: Scope): boolean =>
  scopes.some((own) => INCLUDED[own].includes(scope));

/** Whether a key may access an account. */
export const seesAccount = ({ accounts }: Key, account: string): boolean =>
  accounts === null || accounts.includes(account);

/** The keys of a ledger. `first` is a key from the settings, with all scopes; it is not stored as an event. */
export const openKeyring = async (store: EventStore, first: string | null): Promise<Keyring> => {
  const byName = new Map<string, Hashed>();
  const byHash = new Map<string, string>();
  let length = 0;
  if (first !== null) {
    byName.set('first', {
      ...FIRST,
      prefix: first.slice(0, FIRST_SHOWN),
      hash: sha256(first),
      content: null,
    });
    byHash.set(sha256(first), 'first');
  }
  /** Keys that an unreadable event may have revoked are void; this cannot concern the key from the settings. */
  const voidEndedBy = (event: UnreadableSystemEvent): void => {
    const ended = endedBy(event, 'KeyRevoked', ['KeyCreated', 'KeyUsed'], 'key');
    if (ended === null) return;
    for (const [name, key] of byName)
      if (name !== 'first' && (ended === 'all' || ended === name))
        byName.set(name, { ...key, revokedAt: key.createdAt });
  };
  const refresh = async () => {
    const from = length;
    const read = await readSystem(store, KEYS, from);
    // Skip events that a concurrent call has applied meanwhile.
    const events = read.slice(length - from);
    length += events.length;
    for (const event of events) {
      const { type, at, data } = event;
      if (type === 'Unreadable') {
        voidEndedBy(event);
        continue;
      }
      if (type === 'KeyCreated') {
        byName.set(data.key, { ...data, createdAt: at, revokedAt: null, lastUsedAt: null });
        byHash.set(data.hash, data.key);
      }
      const known = type === 'KeyRevoked' || type === 'KeyUsed' ? byName.get(data.key) : undefined;
      if (known && type === 'KeyRevoked') byName.set(data.key, { ...known, revokedAt: data.until });
      if (known && type === 'KeyUsed') byName.set(data.key, { ...known, lastUsedAt: at });
    }
  };
  await refresh();
  return {
    list: () => [...byName.values()].map(withoutHash),
    find: (text) => shown(byName.get(byHash.get(sha256(text)) ?? '')),
    get: (key) => shown(byName.get(key)),
    contentOf: (key) => byName.get(key)?.content ?? null,
    noted: new Map(),
    refresh,
  };
};

const FIRST: Omit<Hashed, 'prefix' | 'hash' | 'content'> = {
  key: 'first',
  name: 'from the settings',
  scopes: ['admin'],
  accounts: null,
  createdAt: '1970-01-01T00:00:00.000Z',
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
};

const withoutHash = ({ hash: _, content: __, ...key }: Hashed): Key => key;

/** Cache of keys without their hashes, since every request needs one. */
const shownOf = new WeakMap<Hashed, Key>();
const shown = (key: Hashed | undefined): Key | null => {
  if (!key) return null;
  const known = shownOf.get(key) ?? withoutHash(key);
  shownOf.set(key, known);
  return known;
};
