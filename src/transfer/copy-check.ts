/** What is copied is checked before it is written: damage must not be copied to where it is not looked for. */
import type { EventStore, RecordedEvent } from '../eventstore/event-store.ts';
import { placeAfter } from '../integrity/global-chain.ts';
import { NO_PREVIOUS, payloadDigest, sealOf } from '../integrity/hash-chain.ts';
import { recordLines } from '../integrity/record-block.ts';
import { hexOf } from '../integrity/seal-events.ts';
import type { SealedEvent } from '../integrity/sealed-event.ts';
import type { Difference } from './copy-order.ts';
import { READABLE, unreadable } from './readable.ts';

/** The ledger that is copied is broken, or its copy is not the same: what differs, and where. */
export class CopyBroken extends Error {
  readonly difference: Difference;
  constructor(difference: Difference) {
    const { stream, revision, what, expected, found } = difference;
    super(`event ${revision} of ${stream}: ${what}: expected ${expected}, found ${found}`);
    this.difference = difference;
  }
}

export interface Checker {
  /** The event as it is to be written. Rejects with CopyBroken when it does not continue its stream or the order. */
  check(event: RecordedEvent): Promise<SealedEvent>;
  /** The chain over all hashes so far. */
  place(): Uint8Array;
}

/** Heads that are kept; more than are on their way to the copy at any time. */
const KEPT = 100_000;

/** Checks events one after the other, behind those that the copy holds already. */
export const openChecker = (to: EventStore, reached: Uint8Array, kept = KEPT): Checker => {
  const heads = new Map<string, { readonly length: number; readonly hash: string }>();
  let place = reached;

  /** From memory, or from the copy, which has every event before this one of a stream that was not met lately. */
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
      // Where the engine keeps the order, an event that is gone shows here also at the end of its stream.
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
