/** Creates and revokes keys, as events. */
import type { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { EventStore } from '../eventstore/event-store.ts';
import { sha256 } from '../integrity/sha256.ts';
import type { SystemEventData } from '../ledger/system/events.ts';
import { appendSystem, readSystem } from '../ledger/system/streams.ts';
import type { Scope } from './events.ts';
import { KEYS, keyText, prefixOf } from './keyring.ts';

export interface NewKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Null: all accounts. */
  readonly accounts: readonly string[] | null;
  /** RFC 3339 in UTC; null: it does not expire. */
  readonly expiresAt: string | null;
}

/**
 * Creates a key from 32 random bytes; `content` is the hash of the request, by which a retry with the same idempotency
 * key is distinguished from another request.
 */
export const createKey = async (
  store: EventStore,
  { name, scopes, accounts, expiresAt }: NewKey,
  bytes: Buffer,
  now: number,
  content: string | null = null,
): Promise<{ readonly key: string; readonly secret: string; readonly isNew: boolean }> => {
  const secret = keyText(bytes);
  const created: SystemEventData['KeyCreated'] = {
    key: `key_${randomUUID()}`,
    name,
    prefix: prefixOf(secret),
    hash: sha256(secret),
    scopes: [...scopes],
    accounts: accounts && [...accounts],
    expiresAt,
    content,
  };
  let { key } = created;
  await appendSystem(store, KEYS, 'KeyCreated', now, new Date(now).toISOString(), async () => {
    // The same request may have been handled concurrently by another server.
    const made = await keyOfHash(store, created.hash);
    key = made ?? created.key;
    return made === null ? [created] : [];
  });
  return { key, secret, isNew: key === created.key };
};

const keyOfHash = async (store: EventStore, hash: string): Promise<string | null> => {
  for (const { type, data } of await readSystem(store, KEYS))
    if (type === 'KeyCreated' && data.hash === hash) return data.key;
  return null;
};

/** Revokes a key from an instant on. */
export const revokeKey = async (
  store: EventStore,
  key: string,
  until: number,
  now: number,
): Promise<void> => {
  const revoked = { key, until: new Date(until).toISOString() };
  await appendSystem(store, KEYS, 'KeyRevoked', now, new Date(now).toISOString(), async () => [revoked]);
};
