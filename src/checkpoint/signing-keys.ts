/**
 * Keys that sign checkpoints and bundles: Ed25519, created when first needed, replaced by rotation. Each is an event,
 * with the private key encrypted under the server key. The previous key vouches for a new one, so that holders of an
 * old key can trust the new one.
 */

import { Buffer } from 'node:buffer';
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type EventStore, LedgerDamaged } from '../eventstore/event-store.ts';
import { eventAt } from '../eventstore/reading.ts';
import { hexOf } from '../integrity/seal-events.ts';
import { decrypted, encrypted, SecretUnreadable } from '../ledger/secrets/encryption.ts';
import { LEDGER, NotALedger } from '../ledger/system/billing-zone.ts';
import type { RequestMark } from '../ledger/system/request-mark.ts';
import { appendSystem, readSystemWhole } from '../ledger/system/streams.ts';
import { utf8 } from './bytes.ts';
import { statementText } from './key-succession.ts';
import { noteText, parseVerifierKey, type VerifierKey, verifierKey } from './note.ts';
import { originOfHash } from './origin.ts';

export const SIGNING_KEYS = 'signing-keys';
const SPKI_HEADER_BYTES = 12;

export interface SigningKey {
  /** The verifier key, as text. */
  readonly key: string;
  readonly statement: string | null;
  readonly addedAt: string;
  readonly revoked: boolean;
  /** The request that created it, if it had an idempotency key. */
  readonly command: RequestMark | null;
}

interface KeyWithSecret extends SigningKey {
  readonly secret: string;
}

/** The name of a ledger's log, derived from the ledger's first event. */
export const originOf = async (store: EventStore): Promise<string> => {
  const first = await eventAt(store, LEDGER, 0);
  if (!first) throw new NotALedger();
  return originOfHash(hexOf(first.hash));
};

/** All keys ever created, oldest first. */
export const signingKeys = async (store: EventStore): Promise<readonly SigningKey[]> =>
  (await heldKeys(store)).map(({ secret: _, ...key }) => key);

const heldKeys = async (store: EventStore): Promise<readonly KeyWithSecret[]> => {
  const keys: KeyWithSecret[] = [];
  for (const { type, at, data } of await readSystemWhole(store, SIGNING_KEYS)) {
    if (type === 'SigningKeyAdded') keys.push({ ...data, addedAt: at, revoked: false });
    if (type !== 'SigningKeyRevoked') continue;
    const i = keys.findIndex(({ key }) => key === data.key);
    const known = keys[i];
    if (known) keys[i] = { ...known, revoked: true };
  }
  return keys;
};

export interface Signer {
  readonly key: VerifierKey;
  sign(bytes: Uint8Array): Uint8Array<ArrayBuffer>;
}

/** The current signer; creates a key if there is none, or all are revoked. */
export const currentSigner = async (store: EventStore, serverKey: Buffer, now: number): Promise<Signer> => {
  const last = (await heldKeys(store)).findLast(({ revoked }) => !revoked);
  return last ? signerOf(last, serverKey) : rotated(store, serverKey, now);
};

/** The signer of a given key, to reproduce the same bytes; null if there is no such key. */
export const signerNamed = async (
  store: EventStore,
  serverKey: Buffer,
  key: string,
): Promise<Signer | null> => {
  const held = (await heldKeys(store)).find((one) => one.key === key);
  return held ? signerOf(held, serverKey) : null;
};

/**
 * Creates a new key that signs from now on; the previous one vouches for it. If the same request has created one
 * already (at another server), nothing is recorded, and the key of the returned signer is in no ledger: a caller that
 * gives a `command` looks up the one that is.
 */
export const rotated = async (
  store: EventStore,
  serverKey: Buffer,
  now: number,
  command: RequestMark | null = null,
): Promise<Signer> => {
  const origin = await originOf(store);
  const pair = generateKeyPairSync('ed25519');
  const spki = pair.publicKey.export({ type: 'spki', format: 'der' });
  const key = verifierKey(origin, Uint8Array.from(spki.subarray(SPKI_HEADER_BYTES)));
  const secret = pair.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
  const recordedAt = new Date(now).toISOString();
  await appendSystem(store, SIGNING_KEYS, 'SigningKeyAdded', now, recordedAt, async () => {
    const held = await heldKeys(store);
    if (command && held.some((one) => one.command?.key === command.key)) return [];
    const before = held.findLast(({ revoked }) => !revoked);
    const statement = before ? vouchedOrNot(before, serverKey, origin, key) : null;
    return [{ key: key.text, secret: encrypted(secret, serverKey), statement, command }];
  });
  return signer(key, pair.privateKey);
};

/**
 * After the loss of the server key: replaces a signing key that cannot be decrypted by a new one, for which no key
 * vouches. Resolves to the new signer; null if no replacement was needed.
 */
export const replacedUnreadable = async (
  store: EventStore,
  serverKey: Buffer,
  now: number,
): Promise<Signer | null> => {
  const last = (await heldKeys(store)).findLast(({ revoked }) => !revoked);
  if (!last) return null;
  try {
    signerOf(last, serverKey);
    return null;
  } catch (error) {
    if (!(error instanceof SecretUnreadable)) throw error;
    return rotated(store, serverKey, now);
  }
};

/** Revokes a key; false if there is no such key, or it is already revoked. */
export const revokeSigningKey = async (store: EventStore, key: string, now: number): Promise<boolean> => {
  const recordedAt = new Date(now).toISOString();
  const position = await appendSystem(store, SIGNING_KEYS, 'SigningKeyRevoked', now, recordedAt, async () =>
    (await heldKeys(store)).some((one) => one.key === key && !one.revoked) ? [{ key }] : [],
  );
  return position !== null;
};

/** A statement by the previous key; null if its private key is lost: its holders must be given the new key. */
const vouchedOrNot = (
  before: KeyWithSecret,
  serverKey: Buffer,
  origin: string,
  key: VerifierKey,
): string | null => {
  try {
    return vouched(signerOf(before, serverKey), origin, key);
  } catch (error) {
    if (error instanceof SecretUnreadable) return null;
    throw error;
  }
};

const vouched = (by: Signer, origin: string, key: VerifierKey): string => {
  const text = statementText(origin, key.text);
  return noteText(text, { ...by.key, signature: by.sign(utf8(text)) });
};

const signerOf = ({ key, secret }: KeyWithSecret, serverKey: Buffer): Signer => {
  const verifier = parseVerifierKey(key);
  if (!verifier)
    throw new LedgerDamaged(`the stream ${SIGNING_KEYS} was altered: ${key} is not a valid verifier key`);
  const der = Buffer.from(decrypted(secret, serverKey), 'base64');
  return signer(verifier, createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
};

const signer = (key: VerifierKey, secret: KeyObject): Signer => ({
  key,
  sign: (bytes) => Uint8Array.from(sign(null, bytes, secret)),
});
