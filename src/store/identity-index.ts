/**
 * Where identities are held: a derived index of account streams, never the truth. It is written without waiting and
 * may be deleted at any time; each account's watermark says up to which revision it knows its stream.
 */
import { StoreUnavailable } from './event-store.ts';
import type { Fingerprint } from './fingerprint.ts';

export type Key =
  | { readonly kind: 'record'; readonly print: Fingerprint }
  | { readonly kind: 'command' | 'deposit' | 'credit' | 'corrected' | 'refused'; readonly text: string };

export interface Locator {
  readonly revision: number;
  /** The record's place among the event's lines. */
  readonly ordinal: number;
}

export interface IndexEntry extends Locator {
  readonly key: Key;
}

/**
 * The index does not know all it was told of an account, because of a write that failed. Whoever asks for the account's
 * watermark, and puts what lies behind it, is answered again.
 */
export class IndexBehind extends StoreUnavailable {}

export interface IdentityIndex {
  /** Events of the account's stream that are indexed; 0 when none is. */
  watermark(account: string): Promise<number>;
  /** Where each key is held; sees every `put` before it. Throws IndexBehind where one of them was lost. */
  find(account: string, keys: readonly Key[]): Promise<(Locator | undefined)[]>;
  /** False: certainly not indexed. Costs no I/O. */
  maybe(account: string, print: Fingerprint): boolean;
  /** Adds entries and moves the watermark to `length`, both or neither; the later entry of a key holds. */
  put(account: string, length: number, entries: readonly IndexEntry[]): void;
  /** Waits until every put so far is written. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Numbers of a record that is put: both halves of the fingerprint, revision, ordinal. */
export const RECORD_NUMBERS = 4;

/** A key within an account as text. */
export const keyText = (key: Key): string =>
  key.kind === 'record' ? `record:${key.print.hi}:${key.print.lo}` : `${key.kind}:${key.text}`;
