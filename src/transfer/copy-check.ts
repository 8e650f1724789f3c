/** Verifies each event before it is copied, so that damage does not spread to the copy. */
import type { EventStore, RecordedEvent } from '../eventstore/event-store.ts';
import { placeAfter } from '../integrity/global-chain.ts';
import { NO_PREVIOUS, payloadDigest, sealOf } from '../integrity/hash-chain.ts';
import { recordLines } from '../integrity/record-block.ts';
import { hexOf } from '../integrity/seal-events.ts';
import type { SealedEvent } from '../integrity/sealed-event.ts';
import type { Difference } from './copy-order.ts';
import { READABLE, unreadable } from './readable.ts';

/** The source ledger is damaged, or its copy differs from it; names the first difference. */
export class CopyBroken extends Error {
  readonly difference: Difference;
  constructor(difference: Difference) {
    const { stream, revision, what, expected, found } = difference;
    super(`event ${revision} of ${stream}: ${what}: expected ${expected}, found ${found}`);
    this.difference = difference;
  }
}

export interface Checker {
  /** Returns the event to write. Rejects with CopyBroken if it does not continue its stream or the global order. */
  check(event: RecordedEvent): Promise<SealedEvent>;
  /** The global chain over all hashes so far. */
  place(): Uint8Array;
}

/** Size of the cache of heads; must exceed the number of appends in flight. */
const KEPT = 100_000;

/** Checks events in order, continuing after those already in the copy. */
export const openChecker = (to: EventStore, reached: Uint8Array, kept = KEPT): Checker => {
  const heads = new Map<string, { readonly length: number; readonly hash: string }>();
  let place = reached;

  /** From the cache, or from the copy: if a stream is not cached, its earlier events are already in the copy. */
  const headBefore = async ({ stream, revision }: RecordedEvent) => {
    const known = heads.get(stream);
    if (known) return known;
    if (revision === 0) return { length: 0, hash: NO_PREVIOUS };
    const { length, hash } = await to.head(stream);
    return { length, hash: hash ? hexOf(hash) : NO_PREVIOUS };
  };

  const keep = (stream: string, length: number, hash: string): void => {
    heads.delete(stream);
    heads.set(stream, { length, hash });
    if (heads.size > kept) heads.delete(heads.keys().next().value ?? stream);
  };

  return {
    check: async (event) => {
      const { stream, revision, header, data, records, hash } = event;
      const differs = (what: string, expected: string, found: string): CopyBroken =>
        new CopyBroken({ stream, revision, what, expected, found });
      const head = await headBefore(event);
      if (revision !== head.length) throw differs('revision', String(head.length), String(revision));
      const lines = linesOf(records, differs);
      const payload = payloadDigest(data, lines);
      const sealed = sealOf({ previous: head.hash, stream, revision, header, payload });
      if (sealed.hash !== hexOf(hash)) throw differs('hash', sealed.hash, hexOf(hash));
      const why = unreadable(event, lines);
      if (why !== null) throw differs('content', READABLE, why);
      place = placeAfter(place, hash);
      // If the store records the global chain, this detects an event missing even from the end of its stream.
      if (event.place && hexOf(event.place) !== hexOf(place))
        throw differs('place', hexOf(place), hexOf(event.place));
      keep(stream, revision + 1, sealed.hash);
      return { id: sealed.id, stream, revision, header, data, records, hash };
    },
    place: () => place,
  };
};

const linesOf = (
  records: Uint8Array | null,
  differs: (what: string, expected: string, found: string) => CopyBroken,
): string[] | null => {
  try {
    return records && recordLines(records);
  } catch (error) {
    throw differs('records', 'a block that unpacks', error instanceof Error ? error.message : String(error));
  }
};
