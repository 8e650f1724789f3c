/** A subscription to $all: it catches up page by page, says so, and then sends each event as it is written. */
import { randomUUID } from 'node:crypto';
import { PAGE, type Subscription } from './read-request.ts';
import { handlerThrew } from './refusals.ts';
import type { LogRecord, TransactionLog } from './transaction-log.ts';

/** A place in the log as it stands in a checkpoint. */
export interface Place {
  readonly commit: bigint;
  readonly prepare: bigint;
}

export type Notice =
  | { readonly kind: 'confirmed'; readonly id: string }
  | { readonly kind: 'event'; readonly record: LogRecord }
  | { readonly kind: 'checkpoint'; readonly place: Place }
  | { readonly kind: 'caught up' };

const placeOf = ({ position }: LogRecord): Place => ({ commit: position, prepare: position });

/** The index of the first record that is to be sent: the one behind the last seen. */
const startOf = (log: TransactionLog, from: Subscription['from']): number => {
  if (from === 'start') return 0;
  if (from === 'end') return log.records.length;
  const at = log.indexFrom(from);
  if (from > (log.records.at(-1)?.position ?? 0n)) return at;
  if (log.records[at]?.position !== from && log.records[at - 1]?.end !== from) throw handlerThrew();
  return at + 1;
};

/** Where a page begins: behind the record before it. The server writes that down without a prepare position. */
const pageBegin = (log: TransactionLog, start: number): Place => ({
  commit: log.records[start - 1]?.end ?? 0n,
  prepare: 0n,
});

interface Page {
  readonly matching: readonly LogRecord[];
  readonly considered: number;
  readonly atEnd: boolean;
}

const pageFrom = (log: TransactionLog, start: number, { visible, window }: Subscription): Page => {
  const matching: LogRecord[] = [];
  let considered = 0;
  while (matching.length < PAGE && considered < window) {
    const record = log.records[start + considered];
    if (!record) return { matching, considered, atEnd: true };
    considered += 1;
    if (visible(record)) matching.push(record);
  }
  return { matching, considered, atEnd: false };
};

/** All that is sent to a subscriber, until it unsubscribes. */
export async function* follow(
  log: TransactionLog,
  subscription: Subscription,
  left: Promise<'left'>,
): AsyncGenerator<Notice, void> {
  const { filtered, interval, visible } = subscription;
  let next = startOf(log, subscription.from);
  let begun = pageBegin(log, next);
  let sinceCheckpoint = 0;
  yield { kind: 'confirmed', id: randomUUID() };

  for (let atEnd = subscription.from === 'end'; !atEnd; ) {
    const page = pageFrom(log, next, subscription);
    next += page.considered;
    sinceCheckpoint += page.considered;
    for (const record of page.matching) yield { kind: 'event', record };
    if (filtered && !page.atEnd && sinceCheckpoint >= interval) {
      sinceCheckpoint %= interval;
      const last = page.matching.at(-1);
      yield { kind: 'checkpoint', place: last ? placeOf(last) : begun };
    }
    begun = pageBegin(log, next);
    atEnd = page.atEnd;
  }
  yield { kind: 'caught up' };

  for (;;) {
    const grown = log.grown();
    for (let record = log.records[next]; record; record = log.records[next]) {
      next += 1;
      sinceCheckpoint += 1;
      if (visible(record)) yield { kind: 'event', record };
      if (filtered && sinceCheckpoint >= interval) {
        sinceCheckpoint = 0;
        yield { kind: 'checkpoint', place: placeOf(record) };
      }
    }
    if ((await Promise.race([grown, left])) === 'left') return;
  }
}
