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

/** An event as it is written. */
export interface SealedEvent extends StoredEvent {
  /** A UUID that follows from content and place: by it a distributed engine tells a repeat. */
  readonly id: string;
}
