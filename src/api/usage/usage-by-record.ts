/**
 * Records of a month in the order of recording: with the current count, the original count if corrected, and who paid
 * when they were recorded.
 */

import { decodeEvent, type Recorded } from '../../codec/event-codec.ts';
import { packCalls } from '../../domain/account.ts';
import { instantText } from '../../domain/calendar.ts';
import { indexOf, inForce, productOf } from '../../domain/catalogue.ts';
import { classOf, type Part, unitsOf } from '../../domain/charging.ts';
import type { Counts } from '../../domain/correct-usage.ts';
import type { RecordPayment, UsageRecord } from '../../domain/usage.ts';
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
  const within = (recorded: Recorded): boolean =>
    api.ledger.calendar.monthOf(recorded.record.time) === month &&
    (meter === undefined || partsOf(api, recorded.record, month).some((part) => part.meter === meter));
  for await (const light of eventsOf(api.ledger.store, stream, { from, types: ['CallsMetered'] })) {
    const { revision } = light;
    const event = decodeEvent(light);
    if (event.type !== 'CallsMetered' || !event.data.usage.some(({ day }) => day.startsWith(month))) continue;
    const records = await recordsAt(api.ledger.store, stream, revision);
    for (let i = revision === from ? skip : 0; i < records.length; i++) {
      const one = records[i];
      if (!one || !within(one)) continue;
      if (found.length === limit) return answer(`${revision}-${i}`);
      found.push({ recorded: one, event: revision, parts: partsOf(api, one.record, month) });
    }
  }
  return answer(null);
};

interface Found {
  readonly recorded: Recorded;
  readonly event: number;
  readonly parts: readonly Part[];
}

const asTheyStand = async (api: Api, account: string, found: readonly Found[]) => {
  const counts = await api.ledger.corrected(
    account,
    found.map(({ recorded }) => recorded.record),
  );
  return found.map((one, i) => shown(one, counts[i] ?? null));
};

/** Where each of a record's quantities went; empty where the edition in force does not have the interface. */
const partsOf = (api: Api, record: UsageRecord, month: string): readonly Part[] => {
  const book = inForce(api.ledger.catalogue(), productOf(record.interface), month)?.book;
  const charging = book && indexOf(book).chargings.get(record.interface);
  return charging ? classOf(charging, record, api.ledger.calendar).parts : [];
};

const shown = ({ recorded: { record, payment }, event, parts }: Found, corrected: Counts | null) => {
  const paid = (part: RecordPayment['parts'][number]) => {
    const packs = part.runs.map(([pack, calls]) => ({ pack, calls }));
    const rest = unitsOf(record, part.measure) - part.free - packCalls(part);
    const isCharged = parts.some(({ measure, meter }) => measure === part.measure && meter !== null);
    const waives = isCharged && payment.waived && rest > 0;
    return {
      ...(part.measure === null ? {} : { measure: part.measure }),
      free: part.free,
      packs,
      postPaid: isCharged && !waives ? rest : 0,
      ...(waives ? { waived: rest } : {}),
    };
  };
  const { quantities, attributes, tags, submitted } = record;
  const counts = quantities
    ? {
        quantities: corrected?.quantities ?? quantities,
        ...(corrected === null ? {} : { reported: quantities }),
        paid: payment.parts.map(paid),
      }
    : {
        calls: corrected?.calls ?? record.calls,
        ...(corrected === null ? {} : { reported: record.calls }),
        ...(submitted === null ? {} : { submitted }),
        paid: payment.parts.map(paid)[0],
      };
  return {
    source: record.source,
    id: record.id,
    interface: record.interface,
    time: instantText(record.time),
    ...counts,
    ...(attributes ? { attributes } : {}),
    ...(tags ? { tags } : {}),
    event,
  };
};
