/** A ledger in memory, driven line by line, for specifications that read aloud. */

import type { Account } from '../../src/domain/account.ts';
import type { Bill } from '../../src/domain/bill.ts';
import type { AccountEvent } from '../../src/domain/events.ts';
import type { PriceBook } from '../../src/domain/price-book.ts';
import { NO_ACCOUNT } from '../../src/domain/refused-record.ts';
import type { RecordOutcome } from '../../src/domain/usage.ts';
import type { EventStore } from '../../src/eventstore/event-store.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { openMemoryIndex } from '../../src/identity-index/memory.ts';
import type { IdentityIndex } from '../../src/identity-index/port.ts';
import { type CommandName, parseCommand } from '../../src/input/commands.ts';
import { instantFromText } from '../../src/input/instant-text.ts';
import type { Answer } from '../../src/ledger/account/result.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';

export const instant = (text: string): number => {
  const at = instantFromText(text);
  if (at === null) throw new Error(`${text} is no instant`);
  return at;
};

export interface Given {
  readonly ledger: Ledger;
  /** Runs a command; an answer that is a refusal is returned as its code. */
  when(at: string, name: CommandName, body: object, account?: string): Promise<Answer>;
  /** Like `when`, but anything other than success fails the test. */
  has(at: string, name: CommandName, body: object, account?: string): Promise<readonly AccountEvent[]>;
  refused(at: string, name: CommandName, body: object, account?: string): Promise<string>;
  meters(at: string, iface: string, calls: number, more?: Partial<Report>): Promise<RecordOutcome>;
  closes(month: string, at: string, account?: string): Promise<Bill>;
  account(account?: string): Promise<Account>;
}

export interface Report {
  time: string;
  id: string;
  source: string;
  submitted: number | null;
  account: string;
}

export const ACCOUNT = 'acme';

/** A new ledger with an account opened and products activated on the first instant of 2019 in Shanghai. */
export const givenLedger = async (
  products: readonly string[] = [],
  {
    books = shippedPriceBooks(),
    store = openMemoryStore(),
    index = openMemoryIndex(),
    opened = '2019-01-01T00:00:00+08:00',
  }: {
    books?: readonly PriceBook[];
    store?: EventStore;
    index?: IdentityIndex;
    opened?: string;
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
  const when: Given['when'] = async (at, name, body, account = ACCOUNT) => {
    const parsed = parseCommand(name, body);
    if (!parsed.ok) throw new Error(`${parsed.problem.field}: ${parsed.problem.message}`);
    return ledger.execute(account, parsed.command, instant(at), null);
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
    meters: async (at, iface, calls, more = {}) => {
      count += 1;
      const record = {
        source: more.source ?? '/gateway/1',
        id: more.id ?? `record-${count}`,
        interface: iface,
        time: instant(more.time ?? at),
        calls,
        submitted: more.submitted ?? null,
      };
      const outcomes = await ledger.meter(more.account ?? ACCOUNT, [record], instant(at));
      return outcomes?.[0] ?? NO_ACCOUNT;
    },
    closes: async (month, at, account) => {
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
  };
  await given.has(opened, 'open-account', { name: '' });
  for (const product of products) await given.has(opened, 'activate-service', { product });
  return given;
};
