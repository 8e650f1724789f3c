/**
 * Verifies that the server key is the one that the ledger's secrets are encrypted under. The ledger has a check value
 * of it as an event, so that a wrong key is detected at the start, not when a secret is first decrypted. A ledger of an
 * earlier release has none; there a secret is decrypted instead.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { EventStore } from '../../eventstore/event-store.ts';
import { hashAt } from '../../eventstore/hash-at.ts';
import { BadSetting, type Where } from '../location.ts';
import { LEDGER } from '../system/billing-zone.ts';
import { appendSystem, readSystem } from '../system/streams.ts';
import { decrypted, SecretUnreadable } from './encryption.ts';
import { heldKey, keyFileOf, madeKey } from './server-key.ts';

export const SECRET = 'secret';
const LABEL = 'suanpan secret check v1\n';

/** The key is missing, or is another one than the ledger's secrets were encrypted under. */
export class SecretMismatch extends BadSetting {}

export interface SecretOf {
  readonly store: EventStore;
  readonly where: Where;
  /** SUANPAN_SECRET; null if a file beside the ledger has the key. */
  readonly secret: string | null;
  /**
   * `read` creates and records nothing; `write` creates the key of a new ledger and records its check value; `replace`
   * also does so if the ledger has another key, under which earlier secrets stay unreadable.
   */
  readonly mode: 'read' | 'write' | 'replace';
}

/**
 * The key of an open ledger. Rejects with SecretMismatch if it is not the ledger's, before anything is encrypted, and
 * with BadSetting if there can be none.
 */
export const ledgerSecret = async (of: SecretOf): Promise<Buffer> => {
  const { store, where, mode } = of;
  const held = heldKey(of.secret, where);
  const state = await stateOf(store, held);
  if (state === 'differs' && mode !== 'replace') throw new SecretMismatch(mismatchText(of, held));
  const key = held ?? (mode === 'read' ? Buffer.alloc(0) : madeKey(where));
  if (mode !== 'read' && state !== 'recorded') await record(of, key);
  return key;
};

/** `fits` and `new` are to be recorded: the key is right, or nothing is encrypted yet. */
type State = 'recorded' | 'fits' | 'new' | 'differs';

const stateOf = async (store: EventStore, key: Buffer | null): Promise<State> => {
  const recorded = await recordedCheck(store);
  if (recorded !== null)
    return key && isSame(recorded, await checkValue(store, key)) ? 'recorded' : 'differs';
  const secrets = await storedSecrets(store);
  if (secrets.length === 0) return 'new';
  return key && secrets.some((secret) => opens(key, secret)) ? 'fits' : 'differs';
};

/** HMAC-SHA-256 of the ledger's name (the hash of its first event) under the key, in hex. */
const checkValue = async (store: EventStore, key: Buffer): Promise<string> =>
  createHmac('sha256', key)
    .update(`${LABEL}${(await hashAt(store, LEDGER, 0)) ?? ''}`)
    .digest('hex');

const recordedCheck = async (store: EventStore): Promise<string | null> => {
  const last = (await readSystem(store, SECRET)).findLast(({ type }) => type === 'SecretChecked');
  return last?.type === 'SecretChecked' ? last.data.check : null;
};

/** Secrets encrypted under the key: the valid signing key, and those of webhooks. */
const storedSecrets = async (store: EventStore): Promise<string[]> => {
  const secrets = new Map<string, string>();
  for (const { type, data } of await readSystem(store, 'signing-keys')) {
    if (type === 'SigningKeyAdded') secrets.set('signing', data.secret);
    if (type === 'SigningKeyRevoked') secrets.delete('signing');
  }
  for (const { type, data } of await readSystem(store, 'webhooks')) {
    if (type === 'WebhookAdded') secrets.set(`webhook ${data.webhook}`, data.secret);
    if (type === 'WebhookRemoved') secrets.delete(`webhook ${data.webhook}`);
  }
  return [...secrets.values()];
};

const opens = (key: Buffer, secret: string): boolean => {
  try {
    decrypted(secret, key);
    return true;
  } catch (error) {
    if (error instanceof SecretUnreadable) return false;
    throw error;
  }
};

/** Records the check value; detects another server that starts concurrently with another key. */
const record = async (of: SecretOf, key: Buffer): Promise<void> => {
  const { store, mode } = of;
  const check = await checkValue(store, key);
  const now = Date.now();
  await appendSystem(store, SECRET, 'SecretChecked', now, new Date(now).toISOString(), async () => {
    const known = await recordedCheck(store);
    if (known !== null && isSame(known, check)) return [];
    if (known !== null && mode !== 'replace') throw new SecretMismatch(mismatchText(of, key));
    return [{ check }];
  });
};

const isSame = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

const mismatchText = ({ where, secret }: SecretOf, held: Buffer | null): string => {
  const path = keyFileOf(where);
  const what =
    secret !== null
      ? 'SUANPAN_SECRET is not the secret that this ledger was written with'
      : held === null
        ? `${path} is missing: this ledger's signing keys and webhook secrets were encrypted under it`
        : `${path} is not the key that this ledger was written with`;
  const back =
    secret !== null || path === null
      ? 'set the right one'
      : `put back the right ${path}, or set SUANPAN_SECRET`;
  return `${what}; ${back}. If it is lost, start once with SUANPAN_NEW_SECRET=true: signing keys and webhook secrets must then be created again`;
};
