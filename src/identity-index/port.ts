/**
 * The port of the identity index: derived from account streams, never authoritative. It is written asynchronously and
 * may be deleted at any time; each account's watermark is the revision up to which its stream is indexed.
 */
import { Buffer } from 'node:buffer';
import { StoreUnavailable } from '../eventstore/event-store.ts';
import type { Fingerprint } from './fingerprint.ts';

export type Key =
  | { readonly kind: 'record'; readonly print: Fingerprint }
  | { readonly kind: 'command' | 'deposit' | 'credit' | 'corrected'; readonly text: string };

export interface Locator {
  readonly revision: number;
  /** The record's place among the event's lines. */
  readonly ordinal: number;
}

export interface IndexEntry extends Locator {
  readonly key: Key;
}

/**
 * Entries of an account were lost by a failed write. It recovers when a caller requests the account's watermark and
 * re-indexes the events after it.
 */
export class IndexBehind extends StoreUnavailable {}

/** How far an account's stream is indexed. */
export interface Watermark {
  /** Number of indexed events. */
  readonly length: number;
  /** The hash of the last one (its beginning, see `headText`); null if not recorded. */
  readonly head: string | null;
}

const HEAD_BYTES = 16;
/** The stored part of a hash: enough to distinguish two events. */
export const headText = (hash: Uint8Array | null): string | null =>
  hash && Buffer.from(hash.buffer, hash.byteOffset, Math.min(HEAD_BYTES, hash.byteLength)).toString('hex');

export interface IdentityIndex {
  /** The account's watermark. If the index is of another ledger's stream, `forget` it. */
  watermark(account: string): Promise<Watermark>;
  /** The locations of keys; sees every earlier `put`. Throws IndexBehind if one of them was lost. */
  find(account: string, keys: readonly Key[]): Promise<(Locator | undefined)[]>;
  /** False: certainly not indexed. Costs no I/O. */
  maybe(account: string, print: Fingerprint): boolean;
  /** Adds entries and moves the watermark to `length`, atomically; a later entry of a key overwrites. */
  put(account: string, length: number, head: string | null, entries: readonly IndexEntry[]): void;
  /** Deletes everything of an account: its stream is another one than was indexed. */
  forget(account: string): Promise<void>;
  /** Resolves when every put so far is written. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Numbers per record of a put: both halves of the fingerprint, revision, ordinal. */
export const RECORD_NUMBERS = 4;

/** A key within an account as text. */
export const keyText = (key: Key): string =>
  key.kind === 'record' ? `record:${key.print.hi}:${key.print.lo}` : `${key.kind}:${key.text}`;
