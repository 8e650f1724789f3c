/**
 * The log of refused usage: nothing that was reported is lost without trace, and the same refusal of the same content
 * is logged once (rules.md, section 10). One stream an account; reports of no known account share one.
 */
import type { Instant } from '../domain/calendar.ts';
import type { UsageRefusal } from '../domain/refusals.ts';
import type { Came } from '../edge/usage-report.ts';
import type { EventStore } from '../store/event-store.ts';
import { headText, type IdentityIndex, type Key } from '../store/identity-index.ts';
import { sha256 } from '../store/sha256.ts';
import { hashOf, indexedLength } from './index-bound.ts';
import { keptForm } from './refused-content.ts';
import { decodeSide } from './side-codec.ts';
import type { RefusedRecord } from './side-events.ts';
import { appendSide, readSide } from './side-streams.ts';

export interface Refused {
  /** Null where the report names no account that exists. */
  readonly account: string | null;
  readonly code: UsageRefusal;
  readonly detail: string;
  /** The report as it came. */
  readonly came: Came;
}

/** Characters of reports that one event carries. */
const PART_SIZE = 128 * 1024;

const streamOf = (account: string | null): string => (account === null ? 'refused' : `refused-${account}`);

export interface RefusedLog {
  /** Logs refusals; durable when it resolves. */
  add(refused: readonly Refused[], at: Instant): Promise<void>;
}

/** The log over a store; `index` finds what is logged already without reading the log. */
export const openRefusedLog = (
  store: EventStore,
  index: IdentityIndex,
  recordedAt: () => string,
): RefusedLog => {
  /** The last addition to each stream that is under way: one after the other, they do not conflict. */
  const tails = new Map<string, Promise<unknown>>();

  const added = (stream: string, records: readonly RefusedRecord[], at: Instant): Promise<unknown> =>
    appendSide(store, stream, 'UsageRefused', at, recordedAt(), async (length) => {
      await bringUp(store, index, stream, length);
      const logged = await index.find(
        stream,
        records.map(({ mark }) => keyOf(mark)),
      );
      const seen = new Set<string>();
      const fresh = records.filter(({ mark }, i) => !logged[i] && !seen.has(mark) && seen.add(mark));
      return fresh.length > 0 ? [{ records: fresh }] : [];
    });

  const inTurn = (stream: string, work: () => Promise<unknown>): Promise<unknown> => {
    const turn = (tails.get(stream) ?? Promise.resolve()).then(work, work);
    const done = turn
      .catch(() => undefined)
      .then(() => {
        if (tails.get(stream) === done) tails.delete(stream);
      });
    tails.set(stream, done);
    return turn;
  };

  return {
    add: async (refused, at) => {
      for (const [stream, records] of byStream(refused)) {
        for (const part of parts(records)) await inTurn(stream, () => added(stream, part, at));
      }
    },
  };
};

const byStream = (refused: readonly Refused[]): Map<string, RefusedRecord[]> => {
  const streams = new Map<string, RefusedRecord[]>();
  for (const { account, code, detail, came } of refused) {
    const stream = streamOf(account);
    const { content, ...kept } = keptForm(came);
    const entry = { mark: sha256(`${code}\n${content}`), code, detail, ...kept };
    const others = streams.get(stream);
    if (others) others.push(entry);
    else streams.set(stream, [entry]);
  }
  return streams;
};

const keyOf = (mark: string): Key => ({ kind: 'refused', text: mark });

/** Lets the index know the log up to its end; what was appended last is indexed when it is next asked for. */
const bringUp = async (
  store: EventStore,
  index: IdentityIndex,
  stream: string,
  length: number,
): Promise<void> => {
  const end = { length, hash: await hashOf(store, stream, length - 1) };
  const from = await indexedLength({ store, index }, stream, stream, end);
  if (from >= length) return;
  const events = await readSide(store, stream, from);
  const entries = events.flatMap((event, i) =>
    event.type === 'UsageRefused'
      ? event.data.records.map(({ mark }) => ({ key: keyOf(mark), revision: from + i, ordinal: 0 }))
      : [],
  );
  const last = from + events.length;
  const hash = last === length ? end.hash : await hashOf(store, stream, last - 1);
  index.put(stream, last, headText(hash), entries);
};

/** Cut so that each part fits one event. */
const parts = (records: readonly RefusedRecord[]): RefusedRecord[][] => {
  const all: RefusedRecord[][] = [];
  let size = PART_SIZE;
  for (const record of records) {
    const own = JSON.stringify(record).length;
    if (size + own > PART_SIZE) {
      all.push([]);
      size = 0;
    }
    all.at(-1)?.push(record);
    size += own;
  }
  return all;
};

/** Refused usage of an account (null: of no known account), oldest first. */
export const readRefused = async (
  store: EventStore,
  account: string | null,
): Promise<(RefusedRecord & { at: string })[]> =>
  (await readSide(store, streamOf(account))).flatMap((event) =>
    event.type === 'UsageRefused' ? event.data.records.map((record) => ({ ...record, at: event.at })) : [],
  );

/** One addition to an account's log, by its revision; none at its end. */
export const readRefusedAt = async (
  store: EventStore,
  account: string | null,
  revision: number,
): Promise<{ at: string; records: readonly RefusedRecord[] }[]> => {
  const options = { from: revision, limit: 1, direction: 'forwards', records: false } as const;
  return (await store.read(streamOf(account), options))
    .map(decodeSide)
    .flatMap((event) =>
      event.type === 'UsageRefused' ? [{ at: event.at, records: event.data.records }] : [],
    );
};
