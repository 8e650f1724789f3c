/** A life of the oracle's generator, lived in a ledger on any store. */
import { expect } from 'vitest';
import type { Bill } from '../../src/domain/bill.ts';
import type { EventStore } from '../../src/eventstore/event-store.ts';
import { openMemoryIndex } from '../../src/identity-index/memory.ts';
import { parseCommand } from '../../src/input/commands.ts';
import { reportOfValue } from '../../src/input/usage-report.ts';
import { ingest } from '../../src/ledger/account/ingest.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { editionOf } from '../../src/ledger/system/catalogue.ts';
import { instant } from '../support/given.ts';
import type { CommandLine, Life, LineAnswer, UsageLine } from './life.ts';

/** The account of a life. */
export const ACCOUNT = 'life';

export interface Lived {
  readonly ledger: Ledger;
  /** What the ledger answered, a line of the life each. */
  readonly answers: readonly LineAnswer[];
  /** Bills by month. */
  readonly bills: ReadonlyMap<string, Bill>;
}

const runCommand = async (
  ledger: Ledger,
  line: CommandLine,
  bills: Map<string, Bill>,
): Promise<LineAnswer> => {
  const { at, command, packOrdinal, ...fields } = { packOrdinal: undefined, ...line };
  const body =
    packOrdinal === undefined ? fields : { ...fields, pack: `pack-${String(packOrdinal).padStart(6, '0')}` };
  const parsed = parseCommand(command, body);
  if (!parsed.ok) throw new Error(`${command} ${parsed.problem.field}: ${parsed.problem.message}`);
  const answer = await ledger.execute(ACCOUNT, parsed.command, instant(at), null);
  if (answer.outcome === 'refused') return { ok: false, code: answer.refusal.code };
  for (const { event } of answer.events) {
    if (event.type === 'MonthClosed') bills.set(event.data.bill.month, event.data.bill);
  }
  return { ok: true };
};

const reportUsage = async (ledger: Ledger, { at, usage }: UsageLine): Promise<LineAnswer> => {
  const reports = usage.map(({ source, id, time, ...data }) => ({
    specversion: '1.0',
    type: 'suanpan.usage',
    source,
    id,
    subject: ACCOUNT,
    time,
    data,
  }));
  const { outcomes } = await ingest(ledger, reports.map(reportOfValue), instant(at));
  return outcomes.map((o) => (o.outcome === 'refused' ? o.code : o.outcome));
};

/** Lives a life in a new ledger on a store; its price books are published when they are. */
export const liveIn = async (store: EventStore, life: Life): Promise<Lived> => {
  const ledger = await openLedger({
    ...{ store, index: openMemoryIndex(), snapshots: null, following: null },
    ...{ zone: life.zone, clock: 'driven', books: [], now: () => 0 },
  });
  const bills = new Map<string, Bill>();
  const books = [...life.books].sort((a, b) => instant(a.at) - instant(b.at));
  const answers: LineAnswer[] = [];
  for (const line of life.lines) {
    while (books[0] && instant(books[0].at) <= instant(line.at)) {
      const { at, book } = books.shift() as (typeof books)[number];
      expect(await ledger.publish(editionOf(book), instant(at))).toMatchObject({ outcome: 'accepted' });
    }
    answers.push('usage' in line ? await reportUsage(ledger, line) : await runCommand(ledger, line, bills));
  }
  return { ledger, answers, bills };
};
