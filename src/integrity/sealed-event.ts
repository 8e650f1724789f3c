/** An event as it is stored: exact texts and bytes, and the hash that covers them. */

/** Exact texts and bytes, and the seal over them (see `hash-chain.ts`). */
export interface StoredEvent {
  readonly stream: string;
  /** From 0. */
  readonly revision: number;
  /** JSON text: type, version, at, recordedAt, and the mark of the command that made it. */
  readonly header: string;
  /** JSON text of the event. */
  readonly data: string;
  /** Record lines of a CallsMetered event, packed (see `record-block.ts`); null for others. */
  readonly records: Uint8Array | null;
  /** 32 bytes. */
  readonly hash: Uint8Array;
}

/** An event that is about to be sealed onto a stream: its texts, as they will be stored. */
export interface EventDraft extends Pick<StoredEvent, 'header' | 'data'> {
  /** Record lines of a CallsMetered event; absent for others. */
  readonly lines?: readonly string[];
}

/** An event as it is written. */
export interface SealedEvent extends StoredEvent {
  /** A UUID that follows from content and place; a distributed engine deduplicates retries by it. */
  readonly id: string;
}
