/** Issued bills, read from the facts themselves. */
import { decodeEvent } from '../codec/event-codec.ts';
import type { Bill } from '../domain/bill.ts';
import type { Month } from '../domain/calendar.ts';
import type { EventStore } from '../store/event-store.ts';
import { accountStream } from './surroundings.ts';

export interface IssuedBill {
  readonly bill: Bill;
  /** Revision of the MonthClosed that carries it. */
  readonly closed: number;
}

const PAGE = 256;

/** Walks an account's closes from the last one back; the range a bill names leads to the close before it. */
export async function* billsBackwards(store: EventStore, account: string): AsyncGenerator<IssuedBill> {
  const stream = accountStream(account);
  let from = (await store.head(stream)).length - 1;
  while (from >= 0) {
    const page = await store.read(stream, { from, limit: PAGE, direction: 'backwards', records: false });
    if (page.length === 0) return;
    const closing = page.find(({ header }) => header.startsWith('{"type":"MonthClosed"'));
    if (!closing) {
      from -= page.length;
      continue;
    }
    const fact = decodeEvent(closing);
    if (fact.type !== 'MonthClosed') return;
    yield { bill: fact.data.bill, closed: closing.revision };
    from = fact.data.bill.events.from - 1;
  }
}

/** The bill of a month, or null when none was issued. */
export const issuedBill = async (
  store: EventStore,
  account: string,
  month: Month,
): Promise<IssuedBill | null> => {
  for await (const issued of billsBackwards(store, account)) {
    if (issued.bill.month === month) return issued;
    if (issued.bill.month < month) return null;
  }
  return null;
};
