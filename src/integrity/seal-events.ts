/** Events sealed for writing (see `hash-chain.ts`): hashes as bytes, record lines as a block. */
import { Buffer } from 'node:buffer';
import { NO_PREVIOUS, payloadDigest, sealOf } from './hash-chain.ts';
import { packLines } from './record-block.ts';
import type { EventDraft, SealedEvent, StoredEvent } from './sealed-event.ts';

/** A hash in hex, or the placeholder for none. */
export const hexOf = (bytes: Uint8Array | null): string =>
  bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex') : NO_PREVIOUS;

/** Seals events onto a stream of `length` events whose last hash is `previous`. */
export const seal = (
  stream: string,
  length: number,
  previous: Uint8Array | null,
  drafts: readonly EventDraft[],
): SealedEvent[] => {
  let before = hexOf(previous);
  return drafts.map(({ header, data, lines }, i) => {
    const revision = length + i;
    const payload = payloadDigest(data, lines ?? null);
    const { id, hash } = sealOf({ previous: before, stream, revision, header, payload });
    before = hash;
    return {
      id,
      stream,
      revision,
      header,
      data,
      records: lines ? packLines(lines) : null,
      hash: Buffer.from(before, 'hex'),
    };
  });
};

/** Whether a stored event with these record lines was sealed onto a hash (null: it is its stream's first). */
export const isSealedOnto = (
  previous: Uint8Array | null,
  event: StoredEvent,
  lines: readonly string[] | null,
): boolean => {
  const { stream, revision, header, data, hash } = event;
  const payload = payloadDigest(data, lines);
  return sealOf({ previous: hexOf(previous), stream, revision, header, payload }).hash === hexOf(hash);
};
