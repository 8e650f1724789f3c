/**
 * Where identities are held: a derived index of account streams, never the truth. It is written without waiting and
 * may be deleted at any time; each account's watermark says up to which revision it knows its stream.
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
  /** Events that are indexed; 0 when none is. */
  readonly length: number;
  /** The hash of the last of them (its beginning, see `headText`); null where it was not noted. */
  readonly head: string | null;
}

const HEAD_BYTES = 16;
/** What is noted of a hash: enough to tell two events apart. */
export const headText = (hash: Uint8Array | null): string | null =>
  hash && Buffer.from(hash.buffer, hash.byteOffset, Math.min(HEAD_BYTES, hash.byteLength)).toString('hex');

export interface IdentityIndex {
  /** How far it knows the account's stream, and which one: of another ledger's, everything is to be forgotten. */
  watermark(account: string): Promise<Watermark>;
  /** Where each key is held; sees every `put` before it. Throws IndexBehind where one of them was lost. */
  find(account: string, keys: readonly Key[]): Promise<(Locator | undefined)[]>;
  /** False: certainly not indexed. Costs no I/O. */
  maybe(account: string, print: Fingerprint): boolean;
  /** Adds entries and moves the watermark to `length`, both or neither; the later entry of a key holds. */
  put(account: string, length: number, head: string | null, entries: readonly IndexEntry[]): void;
  /** Deletes everything of an account: its stream is another one than was indexed. */
  forget(account: string): Promise<void>;
  /** Waits until every put so far is written. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Numbers of a record that is put: both halves of the fingerprint, revision, ordinal. */
export const RECORD_NUMBERS = 4;

/** A key within an account as text. */
export const keyText = (key: Key): string =>
  key.kind === 'record' ? `record:${key.print.hi}:${key.print.lo}` : `${key.kind}:${key.text}`;
