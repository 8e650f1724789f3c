/** Reads that end: a stretch of a stream or of $all, in either direction. */
import { visibleInAll } from './event-filter.ts';
import type { AllRead, StreamRead } from './read-request.ts';
import { readFailed } from './refusals.ts';
import type { LogRecord, TransactionLog } from './transaction-log.ts';

/** The events of a stream, or nothing when there is no such stream. */
export const readStream = (log: TransactionLog, read: StreamRead): readonly LogRecord[] | undefined => {
  const { from, backwards, count } = read;
  if (count === 0 || (from === 'end' && !backwards)) throw readFailed('stream');
  const events = log.stream(read.stream);
  if (events.length === 0) return undefined;
  if (!backwards) return events.slice(Number(from), Number(from) + count);
  const end = from === 'end' ? events.length : Math.min(from + 1, events.length);
  return events.slice(Math.max(0, end - count), end).toReversed();
};

/** Where the server finds a record when it goes to an offset; elsewhere it reads garbage and gives up. */
const isBoundary = (log: TransactionLog, position: bigint): boolean => {
  const at = log.indexFrom(position);
  return (
    position === 0n ||
    position === log.end() ||
    log.records[at]?.position === position ||
    log.records[at - 1]?.end === position
  );
};

const forwards = (log: TransactionLog, { from, count }: AllRead): readonly LogRecord[] => {
  // Behind the last record the server does not look, and so does not notice that there is no boundary.
  if (from === 'end' || from > (log.records.at(-1)?.position ?? 0n)) return [];
  if (!isBoundary(log, from)) throw readFailed('all');
  return log.records.slice(log.indexFrom(from)).filter(visibleInAll).slice(0, count);
};

/** Going back, a position means the end of what is read: the event that begins there is not among it. */
const backwards = (log: TransactionLog, { from, count }: AllRead): readonly LogRecord[] => {
  if (from === 'end') return log.records.filter(visibleInAll).slice(-count).toReversed();
  if (from > log.end() || !isBoundary(log, from)) throw readFailed('all');
  return log.records.slice(0, log.indexFrom(from)).filter(visibleInAll).slice(-count).toReversed();
};

/** The events of $all. A count of 0 is not answered: the server turns in a circle over empty pages. */
export const readAll = async (log: TransactionLog, read: AllRead): Promise<readonly LogRecord[]> => {
  if (read.count === 0) await new Promise<never>(() => undefined);
  return read.backwards ? backwards(log, read) : forwards(log, read);
};
