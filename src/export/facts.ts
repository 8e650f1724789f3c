/** Facts of one account as they stream from the store, page by page, and its issued bills oldest first. */
import { decodeEvent } from '../codec/event-codec.ts';
import type { Bill } from '../domain/bill.ts';
import type { Calendar } from '../domain/calendar.ts';
import type { AccountEvent } from '../domain/events.ts';
import { billsBackwards } from '../ledger/bills.ts';
import { accountStream } from '../ledger/surroundings.ts';
import type { EventStore, RecordedEvent } from '../store/event-store.ts';
import { type Period, within } from './period.ts';

export interface Fact {
  readonly stored: RecordedEvent;
  readonly event: AccountEvent;
}

const PAGE = 256;
const STREAMS = 500;
const PREFIX = 'account-';

/** Facts from a revision on, without their records; one page is in memory at a time. */
export async function* factsFrom(store: EventStore, account: string, from: number): AsyncGenerator<Fact> {
  const stream = accountStream(account);
  for (let next = from; ; ) {
    const page = await store.read(stream, { from: next, limit: PAGE, direction: 'forwards', records: false });
    if (page.length === 0) return;
    for (const stored of page) yield { stored, event: decodeEvent(stored) };
    next += page.length;
  }
}

/** Ids of all accounts, in order. */
export async function* accountIds(store: EventStore): AsyncGenerator<string> {
  for (let after: string | null = null; ; ) {
    const page: string[] = await store.streams({ after, prefix: PREFIX, limit: STREAMS });
    for (const stream of page) yield stream.slice(PREFIX.length);
    after = page.at(-1) ?? null;
    if (page.length < STREAMS) return;
  }
}

/** The account asked for, or all of them. */
export async function* accountsOf(store: EventStore, account: string | undefined): AsyncGenerator<string> {
  if (account === undefined) yield* accountIds(store);
  else yield account;
}

/**
 * Bills of an account whose months begin within a period, oldest first. Closes are found from the last one back, so
 * where they lie is kept (a number a month), and each is read again when its turn comes.
 */
export async function* billsOf(
  store: EventStore,
  calendar: Calendar,
  account: string,
  period: Period,
): AsyncGenerator<Bill> {
  const closes: number[] = [];
  for await (const { bill, closed } of billsBackwards(store, account)) {
    const start = calendar.startOf(bill.month);
    if (period.from !== null && start < period.from) break;
    if (within(period, start)) closes.push(closed);
  }
  for (const from of closes.reverse()) {
    const options = { from, limit: 1, direction: 'forwards', records: false } as const;
    const [stored] = await store.read(accountStream(account), options);
    const fact = stored && decodeEvent(stored);
    if (fact?.type === 'MonthClosed') yield fact.data.bill;
  }
}
