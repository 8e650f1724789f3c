/**
 * Records of a month in the order of recording: with the current count, the original count if corrected, and who paid
 * when they were recorded.
 */

import { decodeEvent, type Recorded } from '../../codec/event-codec.ts';
import { instantText } from '../../domain/calendar.ts';
import { indexOf, inForce } from '../../domain/catalogue.ts';
import { eventsOf } from '../../eventstore/reading.ts';
import { accountStream } from '../../eventstore/stream-names.ts';
import { recordsAt } from '../../ledger/queries/records-of-event.ts';
import type { Api } from '../http/api.ts';
import { cursorPlace } from '../http/reads/paging.ts';

export interface RecordsAsked {
  readonly month: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly meter?: string | undefined;
}

/** A page; its cursor is the revision of the next event and the place in it. */
export const recordsOf = async (api: Api, account: string, { month, limit, cursor, meter }: RecordsAsked) => {
  const [from, skip] = cursorPlace(cursor);
  const stream = accountStream(account);
  const found: Found[] = [];
  const answer = async (next: string | null) => ({ items: await asTheyStand(api, account, found), next });
  const within = (record: Recorded['record']): boolean =>
    api.ledger.calendar.monthOf(record.time) === month &&
    (meter === undefined || meterOf(api, record.interface, month) === meter);
  for await (const light of eventsOf(api.ledger.store, stream, { from, types: ['CallsMetered'] })) {
    const { revision } = light;
    const event = decodeEvent(light);
    if (event.type !== 'CallsMetered' || !event.data.usage.some(({ day }) => day.startsWith(month))) continue;
    const records = await recordsAt(api.ledger.store, stream, revision);
    for (let i = revision === from ? skip : 0; i < records.length; i++) {
      const one = records[i];
      if (!one || !within(one.record)) continue;
      if (found.length === limit) return answer(`${revision}-${i}`);
      const isCharged = meterOf(api, one.record.interface, month) !== null;
      found.push({ recorded: one, event: revision, isCharged });
    }
  }
  return answer(null);
};

interface Found {
  readonly recorded: Recorded;
  readonly event: number;
  readonly isCharged: boolean;
}

const asTheyStand = async (api: Api, account: string, found: readonly Found[]) => {
  const counts = await api.ledger.corrected(
    account,
    found.map(({ recorded }) => recorded.record),
  );
  return found.map((one, i) => shown(one, counts[i] ?? null));
};

const meterOf = (api: Api, id: string, month: string): string | null => {
  const book = inForce(api.ledger.catalogue(), id.split('/')[0] ?? '', month)?.book;
  return (book && indexOf(book).interfaces.get(id)?.meter) ?? null;
};

const shown = ({ recorded: { record, payment }, event, isCharged }: Found, corrected: number | null) => {
  const packs = payment.runs.map(([pack, calls]) => ({ pack, calls }));
  const paid = packs.reduce((sum, { calls }) => sum + calls, payment.free);
  const postPaid = isCharged ? record.calls - paid : 0;
  return {
    source: record.source,
    id: record.id,
    interface: record.interface,
    time: instantText(record.time),
    calls: corrected ?? record.calls,
    ...(corrected === null ? {} : { reported: record.calls }),
    ...(record.submitted === null ? {} : { submitted: record.submitted }),
    paid: { free: payment.free, packs, postPaid },
    event,
  };
};
