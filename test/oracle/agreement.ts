/** A life in a ledger comes to what the oracle says: the same answers, bills, balances and packs; and it replays. */
import { expect } from 'vitest';
import { replayStream } from '../../src/audit/replay/replay.ts';
import { type Account, available, openSuspensions } from '../../src/domain/account.ts';
import type { Bill } from '../../src/domain/bill.ts';
import type { Instant } from '../../src/domain/calendar.ts';
import { exact, plain } from '../../src/domain/money.ts';
import { packState } from '../../src/domain/pack-state.ts';
import type { EventStore } from '../../src/eventstore/event-store.ts';
import { instant } from '../support/given.ts';
import type { Life, LifeOutcome, OracleBill, OracleLine } from './life.ts';
import { ACCOUNT, type Lived, liveIn } from './life-in-ledger.ts';
import { runLife } from './oracle.ts';

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
  corrections: bill.corrections.map(({ month, meter, calls, amount }) => ({
    ...{ month, meter, calls },
    amount: amount ?? '',
  })),
  credits: bill.credits,
  due: bill.due ?? '',
  total: bill.total ?? '',
  unfrozen: bill.unfrozen,
  frozen: {
    total: bill.frozen.total ?? '',
    byProduct: bill.frozen.byProduct.map(({ product, amount }) => ({ product, amount })),
  },
});

/** An account at an instant, as the oracle's outcome has it. */
const standing = (account: Account, bills: Lived['bills'], now: Instant): Omit<LifeOutcome, 'answers'> => {
  const reasons = [...new Set(openSuspensions(account).map(({ reason }) => reason))].sort();
  return {
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
  };
};

/** Lives a life in a ledger on a new store; fails where the oracle says otherwise. Returns what it came to. */
export const agrees = async (store: EventStore, life: Life): Promise<LifeOutcome> => {
  const { ledger, answers, bills } = await liveIn(store, life);
  const { answers: expected, ...expectedAtEnd } = runLife(life);
  expect(answers).toEqual(expected);
  const { account } = await ledger.entry(ACCOUNT);
  const now = instant(life.lines.at(-1)?.at ?? '1970-01-01T00:00:00Z');
  if (account) expect(standing(account, bills, now)).toEqual(expectedAtEnd);
  else expect(bills.size).toBe(0);
  const of = { store: ledger.store, calendar: ledger.calendar, catalogue: ledger.catalogue() };
  for await (const { month, match, differences } of replayStream(of, `account-${ACCOUNT}`))
    expect({ month, match, differences }).toEqual({ month, match: true, differences: [] });
  await ledger.close();
  return { answers: expected, ...expectedAtEnd };
};
