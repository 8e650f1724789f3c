/** A life at its end: the ledger and the oracle say the same of the account, its packs and every bill. */
import { expect } from 'vitest';
import { replayStream } from '../../src/audit/replay/replay.ts';
import { available, openSuspensions, packState } from '../../src/domain/account.ts';
import type { Bill } from '../../src/domain/bill.ts';
import { ACCOUNT } from '../support/given.ts';
import { text } from './oracle.ts';
import type { Living } from './steps.ts';

/** Compares how an account stands, its bills and their replays. */
export const agrees = async (
  { given, oracle, meet }: Living,
  bills: ReadonlyMap<string, Bill>,
  now: number,
): Promise<void> => {
  const account = await given.account();
  const { total, frozen } = account;
  expect({ total, frozen, available: available(account) }).toEqual({
    total: text(oracle.total()),
    frozen: text(oracle.frozen),
    available: text(oracle.available()),
  });
  expect(
    openSuspensions(account)
      .map(({ reason }) => reason)
      .sort(),
  ).toEqual(
    oracle.suspended
      .filter((s) => s.to === Infinity)
      .map((s) => s.why)
      .sort(),
  );
  expect(account.packs.map((p) => [p.pool, packState(p, now), p.void ? 0 : p.left])).toEqual(
    oracle.packs.map((p) => {
      const left = oracle.left(p);
      return [p.pool, p.void ? 'void' : left === 0 ? 'used_up' : now < p.until ? 'usable' : 'expired', left];
    }),
  );
  for (const { month, bill } of oracle.closed) {
    const own = bills.get(month);
    meet('a bill');
    if (bill.corrections.some(({ amount }) => amount.startsWith('-'))) meet('a negative correction');
    expect(own && shortBill(own), month).toEqual(bill);
  }
  const of = {
    store: given.ledger.store,
    calendar: given.ledger.calendar,
    catalogue: given.ledger.catalogue(),
  };
  for await (const { match, month, differences } of replayStream(of, `account-${ACCOUNT}`)) {
    expect({ month, match, differences }).toEqual({ month, match: true, differences: [] });
  }
};

const shortBill = (bill: Bill) => ({
  lines: bill.lines.map(({ meter, metered, free, packs, postPaid, voucher, amount }) => ({
    meter,
    metered,
    free,
    packs,
    postPaid,
    voucher,
    amount,
  })),
  corrections: bill.corrections.map(({ month, meter, calls, amount }) => ({ month, meter, calls, amount })),
  due: bill.due,
  packsTotal: bill.packsTotal,
  total: bill.total,
  unfrozen: bill.unfrozen,
  frozen: bill.frozen.total,
});
