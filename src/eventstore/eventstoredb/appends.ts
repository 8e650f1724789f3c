/**
 * Appends to a ledger on an engine: each is retried idempotently, with the same ids and the same expected revision,
 * until its outcome is known; and the answer is checked to come from the engine it was sent to.
 */
import { type AppendExpectedRevision, NO_STREAM } from '@eventstore/db-client';
import type { SealedEvent } from '../../integrity/sealed-event.ts';
import {
  appendBytes,
  checkAppend,
  comparePositions,
  type Position,
  StoreUnavailable,
  VersionConflict,
} from '../event-store.ts';
import type { EngineAddress } from './address.ts';
import type { AppendGaps } from './append-fairness.ts';
import type { EngineCalls } from './calls.ts';
import { enveloped } from './envelope.ts';
import { appendFailed } from './failures.ts';
import type { EngineReads } from './reads.ts';

export interface AppendMetrics {
  appends: number;
  events: number;
  conflicts: number;
  tries: number;
}

export interface Appending {
  readonly engine: Pick<EngineAddress, 'prefix' | 'credentials'>;
  readonly calls: EngineCalls;
  readonly read: EngineReads['read'];
  readonly gaps: AppendGaps;
  readonly metrics: AppendMetrics;
  readonly callMs: number;
}

/** Appends events to a stream at an expected version; resolves to the position of the last. */
export const appendTo = async (
  appending: Appending,
  stream: string,
  expected: number,
  events: readonly SealedEvent[],
): Promise<Position> => {
  const { calls, gaps, metrics } = appending;
  const { continuity } = calls;
  checkAppend(stream, expected, events);
  await gaps.room(stream);
  const { position, sent } = await send(appending, stream, expected, events);
  const at = position ?? (await positionOf(appending, stream, expected + events.length - 1));
  // The client may have reconnected meanwhile, and a restored engine assigns positions that were assigned before.
  if (continuity.doubts() !== sent.doubts) await calls.assured();
  else if (comparePositions(at, sent.behind) <= 0) await calls.looked();
  const last = events.at(-1);
  if (last) continuity.seen({ ...last, position: at });
  gaps.appended(stream);
  metrics.appends += 1;
  metrics.events += events.length;
  return at;
};

/** What was known of the engine when an append was sent. */
interface SentOn {
  readonly doubts: number;
  readonly behind: Position | null;
}

/** Retries until it is answered; `position` is null if the engine did not return it. */
const send = async (
  { engine: { prefix, credentials }, calls, gaps, metrics, callMs }: Appending,
  stream: string,
  expected: number,
  events: readonly SealedEvent[],
): Promise<{ readonly position: Position | null; readonly sent: SentOn }> => {
  const { continuity } = calls;
  const enclosed = events.map(enveloped);
  const expectedRevision: AppendExpectedRevision = expected === 0 ? NO_STREAM : BigInt(expected - 1);
  const options = { expectedRevision, credentials, requiresLeader: true, deadline: callMs };
  let sent: SentOn = { doubts: 0, behind: null };
  try {
    const { position } = await calls.patient(
      stream,
      (client) => {
        metrics.tries += 1;
        sent = { doubts: continuity.doubts(), behind: continuity.anchor()?.position ?? null };
        return client.appendToStream(prefix + stream, enclosed, options);
      },
      callMs,
    );
    return { position: position ? String(position.commit) : null, sent };
  } catch (error) {
    const failed = appendFailed(stream, expected, appendBytes(events), error);
    if (failed instanceof VersionConflict) {
      metrics.conflicts += 1;
      gaps.lost(stream);
      // Streams do not get shorter.
      if (failed.actual < expected) await calls.looked();
    }
    throw failed;
  }
};

const positionOf = async ({ read }: Appending, stream: string, revision: number): Promise<Position> => {
  const [event] = await read(stream, { from: revision, limit: 1, direction: 'forwards', records: false });
  if (!event) throw new StoreUnavailable(`${stream}: what was appended cannot be read`);
  return event.position;
};
