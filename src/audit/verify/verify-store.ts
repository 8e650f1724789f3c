/**
 * Verifies the whole store in one pass: every event's payload digest, id and hash, the chain of every stream, the
 * global chain where the store records it, that every event can be decoded and its sums match its records, and that no
 * record is in the ledger twice, in any months. Detects any flipped byte, deleted, inserted or swapped event. A
 * truncated end, a missing stream and a re-hashed suffix are detected by the log of checkpoints, or, if that was
 * rewritten too, by external checkpoints (`checkpoint-log.ts`). Memory is constant: large tables are in files.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Checkpoint } from '../../checkpoint/note.ts';
import { SUM_MAX } from '../../domain/bounds.ts';
import type { Calendar } from '../../domain/calendar.ts';
import {
  comparePositions,
  type EventStore,
  type Position,
  type RecordedEvent,
} from '../../eventstore/event-store.ts';
import { logPages } from '../../eventstore/reading.ts';
import { NO_PLACE, placeAfter } from '../../integrity/global-chain.ts';
import { NO_PREVIOUS, payloadDigest, sealOf } from '../../integrity/hash-chain.ts';
import { recordLines } from '../../integrity/record-block.ts';
import { hexOf } from '../../integrity/seal-events.ts';
import { openLogCheck } from './checkpoint-log.ts';
import { type Content, contentOf } from './event-content.ts';
import type { Finding } from './finding.ts';
import { openIdentityCheck } from './identity-check.ts';
import { recordsTwice } from './recorded-twice.ts';
import { openSpillingMap } from './spilling-map.ts';

export interface Verified {
  readonly events: number;
  readonly records: number;
  readonly streams: number;
  /** Number of external checkpoints that are consistent with the log. */
  readonly checkpoints: number;
  readonly findings: readonly Finding[];
}

/** Events in memory at once; each has at most 1 MiB. */
const MOST = 100;
const TEXT_MOST = 500;

interface Head {
  /** Streams are numbered in the order of their first event. */
  readonly number: number;
  readonly length: number;
  readonly hash: string;
}

/** Verifies every event, in constant memory and linear time. */
export const verifyStore = async (
  store: EventStore,
  calendar: Calendar,
  onProgress: (events: number) => void,
  kept: readonly Checkpoint[] = [],
): Promise<Verified> => {
  let folder: string | null = null;
  const inFolder = (): string => {
    folder ??= mkdtempSync(join(tmpdir(), 'suanpan-verify-'));
    return folder;
  };
  const heads = openSpillingMap<Head>('heads', inFolder);
  const names = openSpillingMap<string>('names', inFolder);
  const months = openSpillingMap<number>('months', inFolder);
  const identities = openIdentityCheck(inFolder);
  const findings: Finding[] = [];
  const find = (finding: Finding): void => {
    const { expected, found } = finding;
    if (findings.length < MOST)
      findings.push({ ...finding, expected: clipped(expected), found: clipped(found) });
  };
  const log = openLogCheck(store, heads.get, kept, (event, what, expected, found) =>
    find({ kind: 'seal', ...event, position: after ?? '0', what, expected, found }),
  );
  let after: Position | null = null;
  let place = NO_PLACE;
  let [events, records] = [0, 0];

  const take = async (event: RecordedEvent): Promise<void> => {
    const { stream, revision } = event;
    const known = heads.get(stream);
    const head = known ?? { number: heads.size(), length: 0, hash: NO_PREVIOUS };
    if (!known) names.set(String(head.number), stream);
    const content = checked(event, head, { after, place }, calendar, find);
    for (const [ordinal, { record }] of (content?.records ?? []).entries())
      identities.add(stream, { stream: head.number, revision, ordinal }, record.source, record.id);
    for (const [month, calls] of content?.months ?? []) {
      const key = JSON.stringify([stream, month]);
      const [before, sum] = [months.get(key) ?? 0, (months.get(key) ?? 0) + calls];
      if (sum > SUM_MAX && before <= SUM_MAX) find(tooMany(event, month, sum));
      months.set(key, sum);
    }
    records += content?.records.length ?? 0;
    if (content?.side) await log.add(content.side, revision);
    heads.set(stream, { ...head, length: revision + 1, hash: hexOf(event.hash) });
    after = event.position;
    place = event.place ?? place;
  };

  try {
    for await (const page of logPages(store, { records: true })) {
      for (const event of page) await take(event);
      events += page.length;
      onProgress(events);
    }
    log.end();
    const nameOf = ({ stream }: { stream: number }): string => names.get(String(stream)) ?? '';
    for await (const finding of recordsTwice(store, identities.pairs(), nameOf)) {
      find(finding);
      if (findings.length >= MOST) break;
    }
    return { events, records, streams: heads.size(), checkpoints: log.met(), findings };
  } finally {
    for (const map of [heads, names, months]) map.close();
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
};

const clipped = (text: string): string => (text.length <= TEXT_MOST ? text : `${text.slice(0, TEXT_MOST)}…`);

const tooMany = ({ stream, revision, position }: RecordedEvent, month: string, sum: number): Finding => ({
  ...{ kind: 'content', stream, revision, position },
  what: `calls of ${month} up to here`,
  expected: `at most ${SUM_MAX}`,
  found: String(sum),
});

/** Verifies an event's seal and content; null if it cannot be read. */
const checked = (
  event: RecordedEvent,
  head: Head,
  { after, place }: { readonly after: Position | null; readonly place: Uint8Array },
  calendar: Calendar,
  find: (finding: Finding) => void,
): Content | null => {
  const { stream, revision, position, header, data } = event;
  const differing =
    (kind: Finding['kind']) =>
    (what: string, expected: string, found: string): void =>
      find({ kind, stream, revision, position, what, expected, found });
  const differs = differing('seal');
  // A store with a global chain has it at every event.
  if (!event.place && place !== NO_PLACE) differs('place', 'its place in the order of all', 'nothing');
  if (revision !== head.length) differs('revision', String(head.length), String(revision));
  if (comparePositions(position, after) <= 0) differs('position', `one after ${after}`, position);
  if (event.place) {
    // A store with a global chain has consecutive positions: a gap reveals events cut off the end of a stream.
    const next = after === null ? '1' : String(Number(after) + 1);
    if (position !== next) differs('position', next, position);
    const expected = hexOf(placeAfter(place, event.hash));
    if (hexOf(event.place) !== expected) differs('place', expected, hexOf(event.place));
  }
  let lines: string[] | null = null;
  try {
    lines = event.records ? recordLines(event.records) : null;
  } catch (error) {
    differs('records', 'a block that unpacks', messageOf(error));
    return null;
  }
  const payload = payloadDigest(data, lines);
  const { hash } = sealOf({ previous: head.hash, stream, revision, header, payload });
  if (hash !== hexOf(event.hash)) differs('hash', hash, hexOf(event.hash));
  try {
    return contentOf(event, lines, calendar, differing('content'));
  } catch (error) {
    differing('content')('content', 'an event that can be read', messageOf(error));
    return null;
  }
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
