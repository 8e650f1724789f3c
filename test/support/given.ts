/** A ledger in memory, driven line by line, for specifications that read aloud. */
import { decodeEvent } from '../../src/codec/event-codec.ts';
import type { Account } from '../../src/domain/account.ts';
import type { Bill } from '../../src/domain/bill.ts';
import type { AccountEvent } from '../../src/domain/events.ts';
import type { PriceBook } from '../../src/domain/price-book.ts';
import { NO_ACCOUNT } from '../../src/domain/refused-record.ts';
import type { RecordOutcome } from '../../src/domain/usage.ts';
import type { EventStore } from '../../src/eventstore/event-store.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { eventsOf } from '../../src/eventstore/reading.ts';
import { accountStream } from '../../src/eventstore/stream-names.ts';
import { openMemoryIndex } from '../../src/identity-index/memory.ts';
import type { IdentityIndex } from '../../src/identity-index/port.ts';
import { type CommandName, parseCommand } from '../../src/input/commands.ts';
import { instantFromText } from '../../src/input/instant-text.ts';
import type { Answer } from '../../src/ledger/account/result.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { jan } from './days.ts';

export const instant = (text: string): number => {
  const at = instantFromText(text);
  if (at === null) throw new Error(`${text} is not an instant`);
  return at;
};

/** An instant, or its RFC 3339 text. */
export type When = number | string;

const instantOf = (when: When): number => (typeof when === 'string' ? instant(when) : when);

export interface Given {
  readonly ledger: Ledger;
  /** Runs a command; an answer that is a refusal is returned as its code. */
  when(at: When, name: CommandName, body: object, account?: string): Promise<Answer>;
  /** Like `when`, but anything other than success fails the test. */
  has(at: When, name: CommandName, body: object, account?: string): Promise<readonly AccountEvent[]>;
  refused(at: When, name: CommandName, body: object, account?: string): Promise<string>;
  /** A deposit under a reference of its own. */
  deposits(at: When, amount: string): Promise<void>;
  buys(at: When, pool: string, size: number, quantity?: number): Promise<void>;
  /** Reports calls made at the instant of reporting, unless `more` says when. */
  meters(at: When, iface: string, calls: number, more?: Partial<Report>): Promise<RecordOutcome>;
  /** Corrects one of the records that `meters` reported, counted from 1. */
  corrects(at: When, record: number, calls: number): Promise<void>;
  /** Closes a month, at four o'clock on the day after its last unless told otherwise. */
  closes(month: string, at?: When, account?: string): Promise<Bill>;
  account(account?: string): Promise<Account>;
  /** All that is recorded of the account. */
  facts(): Promise<readonly AccountEvent[]>;
}

export interface Report {
  time: When;
  id: string;
  source: string;
  submitted: number | null;
  account: string;
}

export const ACCOUNT = 'acme';

/** Four o'clock in Shanghai on the day after a month's last. */
const closedBy = (month: string): number => {
  const [of = 0, number = 0] = month.split('-').map(Number);
  return Date.UTC(of, number, 1, 4) - 8 * 3_600_000;
};

/**
 * A ledger in which an account is opened and products activated, on the first instant of 2019 in Shanghai; `opened: null`
 * where the store has the account already.
 */
export const givenLedger = async (
  products: readonly string[] = [],
  {
    books = shippedPriceBooks(),
    store = openMemoryStore(),
    index = openMemoryIndex(),
    opened = jan(1),
  }: {
    books?: readonly PriceBook[];
    store?: EventStore;
    index?: IdentityIndex;
    opened?: When | null;
  } = {},
): Promise<Given> => {
  const ledger = await openLedger({
    store,
    index,
    snapshots: null,
    following: null,
    zone: 'Asia/Shanghai',
    clock: 'driven',
    books,
    now: () => Date.UTC(2026, 0, 1),
  });
  let count = 0;
  let deposits = 0;
  const when: Given['when'] = async (at, name, body, account = ACCOUNT) => {
    const parsed = parseCommand(name, body);
    if (!parsed.ok) throw new Error(`${parsed.problem.field}: ${parsed.problem.message}`);
    return ledger.execute(account, parsed.command, instantOf(at), null);
  };
  const given: Given = {
    ledger,
    when,
    has: async (at, name, body, account) => {
      const answer = await when(at, name, body, account);
      if (answer.outcome === 'refused')
        throw new Error(`${name}: ${answer.refusal.code} ${answer.refusal.detail}`);
      return answer.events.map(({ event }) => event);
    },
    refused: async (at, name, body, account) => {
      const answer = await when(at, name, body, account);
      return answer.outcome === 'refused' ? answer.refusal.code : answer.outcome;
    },
    deposits: async (at, amount) => {
      deposits += 1;
      await given.has(at, 'deposit', { amount, reference: `wire-${deposits}` });
    },
    buys: async (at, pool, size, quantity = 1) =>
      void (await given.has(at, 'buy-packs', { pool, size, quantity })),
    meters: async (at, iface, calls, more = {}) => {
      count += 1;
      const record = {
        source: more.source ?? '/gateway/1',
        id: more.id ?? `record-${count}`,
        interface: iface,
        time: instantOf(more.time ?? at),
        calls,
        submitted: more.submitted ?? null,
      };
      const outcomes = await ledger.meter(more.account ?? ACCOUNT, [record], instantOf(at));
      return outcomes?.[0] ?? NO_ACCOUNT;
    },
    corrects: async (at, record, calls) => {
      const body = { source: '/gateway/1', record: `record-${record}`, calls, reason: 'counted again' };
      await given.has(at, 'correct-usage', body);
    },
    closes: async (month, at = closedBy(month), account) => {
      const events = await given.has(at, 'close-month', { month }, account);
      const closed = events.find((event) => event.type === 'MonthClosed');
      if (closed?.type !== 'MonthClosed') throw new Error(`${month} was closed already`);
      return closed.data.bill;
    },
    account: async (account = ACCOUNT) => {
      const entry = await ledger.entry(account);
      if (!entry.account) throw new Error(`${account} is not open`);
      return entry.account;
    },
    facts: async () => {
      const facts: AccountEvent[] = [];
      for await (const stored of eventsOf(ledger.store, accountStream(ACCOUNT)))
        facts.push(decodeEvent(stored));
      return facts;
    },
  };
  if (opened === null) return given;
  await given.has(opened, 'open-account', { name: '' });
  for (const product of products) await given.has(opened, 'activate-service', { product });
  return given;
};
