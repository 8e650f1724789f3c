/**
 * Calls to the engine: each has a time limit, is retried until it is answered, and is not made while the engine may
 * have been replaced by another one.
 */
import type { EventStoreDBClient } from '@eventstore/db-client';
import type { Link } from './connection.ts';
import { type Continuity, type Known, openContinuity } from './detect-restored-engine.ts';
import { isPassing, translated } from './failures.ts';
import { readStreamPage } from './pages.ts';
import { patiently } from './retried-calls.ts';
import type { EngineTimes } from './timeouts.ts';

type Work<T> = (client: EventStoreDBClient) => Promise<T>;

export interface EngineCalls {
  readonly continuity: Continuity;
  /** Runs a call until it is answered, after continuity is confirmed. */
  patient<T>(what: string, work: Work<T>, ms: number): Promise<T>;
  /** The same for reading a page; rejects in the words of the port. */
  ask<T>(what: string, work: Work<T>): Promise<T>;
  /** Resolves when the engine is confirmed to have what was read of it. */
  assured(): Promise<void>;
  /** The same, and looks in any case. */
  looked(): Promise<void>;
}

export interface CallsOf {
  readonly link: Pick<Link, 'call'>;
  readonly times: EngineTimes;
  /** Prefix of the ledger's stream names. */
  readonly prefix: string;
  /** The last event read before; null: none. */
  readonly anchor: Known | null;
  readonly isOpen: () => boolean;
}

const PAGE_MS = 60_000;

/** Calls over a link. */
export const openCalls = ({ link, times, prefix, anchor, isOpen }: CallsOf): EngineCalls => {
  const call = <T>(work: Work<T>, ms: number): Promise<T> =>
    link.call(work, ms).catch((error: unknown) => {
      if (isPassing(error)) continuity.doubt();
      throw error;
    });
  const continuity = openContinuity(anchor, async ({ stream, revision }) => {
    const page = { from: revision, limit: 1, direction: 'forwards', records: false } as const;
    const [event] = await call((client) => readStreamPage(client, prefix, stream, page), times.callMs);
    return event;
  });
  const patient = <T>(what: string, work: Work<T>, ms: number): Promise<T> => {
    const assuredCall = async (): Promise<T> => {
      await continuity.assured();
      return call(work, ms);
    };
    return patiently(what, assuredCall, times.patienceMs, isOpen);
  };
  const assured = (): Promise<void> => patiently('the ledger', continuity.assured, times.patienceMs, isOpen);
  return {
    continuity,
    patient,
    ask: (what, work) =>
      patient(what, work, PAGE_MS).catch((error: unknown) => {
        throw translated(what, error);
      }),
    assured,
    looked: () => {
      continuity.doubt();
      return assured();
    },
  };
};
