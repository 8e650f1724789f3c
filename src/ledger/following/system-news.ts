/** What the views get of events of no account: usage refused, deliveries, names, price books. All else changes no view. */
import { instantOf } from '../../domain/calendar.ts';
import { accountOf, DELIVERIES, HOLDERS } from '../../eventstore/stream-names.ts';
import type { RefusedReport, SystemEventAt, SystemNews } from '../../projections/projection.ts';
import { refusedAccountOf } from '../refused-usage/which-log.ts';
import { CATALOGUE, checkBook } from '../system/catalogue.ts';
import { decodeForCheck, type Refusals, refusalsIn, type StoredText } from '../system/codec.ts';
import type { SystemEvent } from '../system/events.ts';

/** Whether the views know events of a stream. */
export const isViewed = ({ stream }: { readonly stream: string }): boolean =>
  accountOf(stream) !== null ||
  stream === CATALOGUE ||
  stream === DELIVERIES ||
  stream.startsWith(HOLDERS) ||
  refusedAccountOf(stream) !== undefined;

/** A stored event of a system stream as the views get it; null for others. Throws StoredEventUnreadable. */
export const newsOf = (stored: StoredText & { readonly position: string }): SystemEventAt | null => {
  const { position, stream } = stored;
  const account = refusedAccountOf(stream);
  const refusals = refusalsIn(stored);
  if (refusals) {
    if (account === undefined) return null;
    const { at, key } = refusals;
    return { position, at, news: { type: 'UsageRefused', account, key, reports: reportsOf(refusals) } };
  }
  const event = decodeForCheck(stored);
  checkBook(stored, event);
  const news = event && newsIn(event, account ?? null);
  return event && news && { position, at: instantOf(event.at), news };
};

const newsIn = ({ type, data }: SystemEvent, account: string | null): SystemNews | null => {
  switch (type) {
    case 'UsageNotKept':
      return { type, account, key: data.key, counts: data.counts };
    case 'DeliveriesSettled':
      return { type, deliveries: data.deliveries };
    case 'DeliveryResent':
      return { type, delivery: data.delivery };
    case 'HolderNamed':
      return { type, account: data.account, name: data.name };
    case 'PriceBookPublished':
      return { type, digest: data.digest, book: data.book };
    default:
      return null;
  }
};

const reportsOf = ({ reports }: Refusals): readonly RefusedReport[] =>
  reports.map(({ code, detail, record }) => ({ code, detail, source: sourceIn(record) }));

const sourceIn = (record: unknown): string | null => {
  if (typeof record !== 'object' || record === null) return null;
  const source: unknown = Reflect.get(record, 'source');
  return typeof source === 'string' ? source : null;
};
