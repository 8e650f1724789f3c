/** How the server decides about an append: by the revision that is expected and by event ids, never by their data. */
import type { LogRecord, TransactionLog } from './transaction-log.ts';

/** A stream that does not exist is at this revision. */
export const NO_STREAM = -1;

export type Expected = 'any' | 'stream_exists' | number;

export type Decision =
  | { readonly kind: 'write' }
  | { readonly kind: 'written before'; readonly last: LogRecord }
  | { readonly kind: 'wrong version'; readonly current: number };

const WRITE: Decision = { kind: 'write' };

/** The ids that a running server remembers; a restart forgets them. */
export type RecentIds = ReadonlyMap<string, LogRecord>;

/** Without a revision only remembered ids tell a repeat. */
const decideAnywhere = (
  stream: string,
  current: number,
  ids: readonly string[],
  recent: RecentIds,
): Decision => {
  const found = ids
    .map((id) => recent.get(id))
    .map((record) => (record?.stream === stream ? record : undefined));
  const last = found.at(-1);
  if (!found[0]) return WRITE;
  if (last && found.every((record) => record)) return { kind: 'written before', last };
  return { kind: 'wrong version', current };
};

/** At a revision below the tip, the events that follow it must be the proposed ones, up to where these end. */
const decideBelowTip = (
  events: readonly LogRecord[],
  expected: number,
  ids: readonly string[],
): LogRecord | undefined => {
  const there = events.slice(expected + 1, expected + 1 + ids.length);
  return there.length === ids.length && there.every(({ id }, at) => id === ids[at])
    ? there.at(-1)
    : undefined;
};

/** Whether events with these ids are written, were written before, or do not fit the stream. */
export const decideAppend = (
  log: TransactionLog,
  recent: RecentIds,
  stream: string,
  expected: Expected,
  ids: readonly string[],
): Decision => {
  const events = log.stream(stream);
  const current = events.length - 1;
  const wrong: Decision = { kind: 'wrong version', current };
  if (expected === 'any') return decideAnywhere(stream, current, ids, recent);
  if (expected === 'stream_exists')
    return current === NO_STREAM ? wrong : decideAnywhere(stream, current, ids, recent);
  // The tip is never compared with the ids: a repeat that expects it is appended again.
  if (expected === current) return WRITE;
  const last = decideBelowTip(events, expected, ids);
  return last ? { kind: 'written before', last } : wrong;
};
