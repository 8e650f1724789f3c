/** Random lives through the ledger and through the independent oracle: the same answers, bills, balances and packs. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replayStream } from '../../src/audit/replay/replay.ts';
import { available, openSuspensions, packState } from '../../src/domain/account.ts';
import type { Bill } from '../../src/domain/bill.ts';
import { exact, plain } from '../../src/domain/money.ts';
import { openMemoryStore } from '../../src/eventstore/memory.ts';
import { openMemoryIndex } from '../../src/identity-index/memory.ts';
import { parseCommand } from '../../src/input/commands.ts';
import { reportOfValue } from '../../src/input/usage-report.ts';
import { ingest } from '../../src/ledger/account/ingest.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { shippedPriceBooks } from '../../src/ledger/system/shipped-price-books.ts';
import { instant } from '../support/given.ts';
import { runs } from '../support/proof.ts';
import type { CommandLine, Life, LineAnswer, OracleBill, OracleLine, UsageLine } from './independent/life.ts';
import { lifeArbitrary } from './independent/lives.ts';
import { runLife } from './independent/oracle.ts';

const ACCOUNT = 'life';

const toldCommand = async (
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

const toldUsage = async (ledger: Ledger, { at, usage }: UsageLine): Promise<LineAnswer> => {
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

const shortLine = (line: Bill['lines'][number]): OracleLine => ({
  meter: line.meter,
  metered: line.metered,
  free: line.free,
  packs: line.packs,
  postPaid: line.postPaid,
  tier: line.tier,
  unitPrice: line.unitPrice,
  ...(line.bands
    ? {
        bands: line.bands.map((b) => ({
          ...b,
          unitPrice: b.unitPrice ?? '',
          amount: plain(exact(b.amount)),
        })),
      }
    : {}),
  exact: plain(exact(line.exact ?? '0')),
  voucher: line.voucher ?? '',
  amount: line.amount ?? '',
});

const shortBill = (bill: Bill): OracleBill => ({
  lines: bill.lines.map(shortLine),
  packPurchases: bill.packPurchases.length,
  packsTotal: bill.packsTotal,
  corrections: bill.corrections.map(({ month, meter, calls, amount }) => ({ month, meter, calls, amount })),
  credits: bill.credits,
  due: bill.due ?? '',
  total: bill.total ?? '',
  unfrozen: bill.unfrozen,
  frozen: {
    total: bill.frozen.total ?? '',
    byProduct: bill.frozen.byProduct.map(({ product, amount }) => ({ product, amount })),
  },
});

const lived = async (life: Life): Promise<void> => {
  const ledger = await openLedger({
    store: openMemoryStore(),
    index: openMemoryIndex(),
    snapshots: null,
    following: null,
    zone: life.zone,
    clock: 'driven',
    books: [],
    now: () => 0,
  });
  const bills = new Map<string, Bill>();
  const books = [...life.books].sort((a, b) => instant(a.at) - instant(b.at));
  const answers: LineAnswer[] = [];
  for (const line of life.lines) {
    while (books[0] && instant(books[0].at) <= instant(line.at)) {
      const { at, book } = books.shift() as (typeof books)[number];
      expect(await ledger.publish(book, instant(at))).toMatchObject({ outcome: 'accepted' });
    }
    answers.push('usage' in line ? await toldUsage(ledger, line) : await toldCommand(ledger, line, bills));
  }
  const expected = runLife(life);
  expect(answers).toEqual(expected.answers);
  const { account } = await ledger.entry(ACCOUNT);
  if (!account) return;
  const now = instant(life.lines.at(-1)?.at ?? '1970-01-01T00:00:00Z');
  const reasons = [...new Set(openSuspensions(account).map(({ reason }) => reason))].sort();
  expect({
    bills: Object.fromEntries([...bills].map(([month, bill]) => [month, shortBill(bill)])),
    balance: { total: account.total, available: available(account), frozen: account.frozen },
    status: reasons.length > 0 ? 'suspended' : 'active',
    suspensions: reasons,
    packs: account.packs.map((pack, i) => {
      const state = packState(pack, now);
      const { pool, size, left } = pack;
      return {
        ordinal: i + 1,
        pool,
        size,
        remaining: state === 'usable' ? left : 0,
        forfeited: state === 'expired' ? left : 0,
        state,
      };
    }),
  }).toEqual({ ...expected, answers: undefined });
  const of = { store: ledger.store, calendar: ledger.calendar, catalogue: ledger.catalogue() };
  for await (const { month, match, differences } of replayStream(of, `account-${ACCOUNT}`)) {
    expect({ month, match, differences }).toEqual({ month, match: true, differences: [] });
  }
};

test('random account lives agree with the independent oracle, and replay', {
  timeout: 3_600_000,
}, async () => {
  const numRuns = runs('random account lives against the independent oracle', 300, 10_000);
  const seed = Number(process.env['SUANPAN_SEED'] ?? 2026);
  await fc.assert(fc.asyncProperty(lifeArbitrary(shippedPriceBooks()), lived), {
    numRuns,
    seed,
    interruptAfterTimeLimit: 3_000_000,
    ...(process.env['SUANPAN_NO_SHRINK'] ? { endOnFailure: true } : {}),
  });
});
