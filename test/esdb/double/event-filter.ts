/** Which records of $all a reader sees. */
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { LogRecord } from './transaction-log.ts';

export type Visible = (record: LogRecord) => boolean;

/** The one stream of the server's own that no reader of $all is shown. */
export const EPOCHS = '$epoch-information';

/** Without a filter $all shows everything but the server's epochs: `$stats-…` and metadata streams too. */
export const visibleInAll: Visible = ({ stream }) => stream !== EPOCHS;

/** By a pattern or by prefixes, of the stream's name or of the event's type. */
export const filterBy = (options: ReadReq.Options.FilterOptions): Visible => {
  const byType = options.hasEventType();
  const expression = byType ? options.getEventType() : options.getStreamIdentifier();
  const pattern = expression?.getRegex() ? new RegExp(expression.getRegex()) : undefined;
  const prefixes = expression?.getPrefixList() ?? [];
  const fits = (text: string): boolean =>
    pattern ? pattern.test(text) : prefixes.some((prefix) => text.startsWith(prefix));
  return (record) => visibleInAll(record) && fits(byType ? record.type : record.stream);
};
