/** Money paid in, and what it resolves at once: arrears and a pending freeze (rules.md, sections 8 and 9). */
import { type Account, available, isSuspendedFor } from './account.ts';
import { BALANCE_DIGITS, isBalanceInBounds, tooLarge } from './bounds.ts';
import type { Instant } from './calendar.ts';
import type { DecisionContext } from './context.ts';
import { accept, type Decision, refuse } from './decision.ts';
import { type AccountEvent, event } from './events.ts';
import { evolve } from './evolve.ts';
import { covers, isNegative, type Money, plus } from './money.ts';
import { packState } from './pack-state.ts';

export interface Deposit {
  readonly body: { readonly amount: Money; readonly reference: string };
  /** Amount already paid in under this reference; null if none. */
  readonly earlier: Money | null;
}

export const deposit = (
  account: Account,
  command: Deposit,
  { at, again }: DecisionContext,
): Decision<AccountEvent> => {
  const repeated = referenced(command) ?? (again ? null : outOfBounds(account, command));
  if (repeated) return repeated;
  const paid = event('FundsDeposited', at, {
    amount: plus(command.body.amount, '0'),
    reference: command.body.reference,
  });
  return accept(paid, ...setRight(evolve(account, paid), at));
};

export interface Credit extends Deposit {
  readonly body: Deposit['body'] & {
    readonly reason: string;
    /** A pack bought by mistake, whose remaining calls become void. */
    readonly pack?: string | null | undefined;
  };
}

export const credit = (
  account: Account,
  command: Credit,
  { at, again }: DecisionContext,
): Decision<AccountEvent> => {
  const repeated = referenced(command) ?? (again ? null : outOfBounds(account, command));
  if (repeated) return repeated;
  const { reference, reason, pack = null } = command.body;
  const events: AccountEvent[] = [
    event('CreditGranted', at, { amount: plus(command.body.amount, '0'), reference, reason, pack }),
  ];
  if (pack !== null) {
    const held = account.packs.find((p) => p.pack === pack);
    if (!held) return refuse('pack_unknown', `no pack ${pack} was ever bought`, { pack });
    const state = packState(held, at);
    if (state !== 'usable') return refuse('pack_not_usable', `${pack} is ${state}`, { pack, state });
    events.push(event('PackVoided', at, { pack, voided: held.left, reference }));
  }
  const after = events.reduce<Account>(evolve, account);
  return accept(...events, ...setRight(after, at));
};

const referenced = ({ body: { amount, reference }, earlier }: Deposit) => {
  if (earlier === null) return null;
  if (plus(earlier, '0') === plus(amount, '0')) return accept<AccountEvent>();
  return refuse('reference_used', `${reference} was used for ${earlier} yuan`, {
    reference,
    amount: earlier,
  });
};

const outOfBounds = (account: Account, { body: { amount } }: Deposit) =>
  isBalanceInBounds(plus(account.total, amount))
    ? null
    : tooLarge('amount', `the balance would have more than ${BALANCE_DIGITS} digits`, account.total);

/** What money paid in at an instant resolves: lifts suspensions that the new balance lifts, and retries a pending freeze. */
export const setRight = (account: Account, at: Instant): AccountEvent[] => {
  const events: AccountEvent[] = [];
  if (!isNegative(account.total) && isSuspendedFor(account, 'arrears')) {
    events.push(event('SuspensionLifted', at, { reason: 'arrears' }));
  }
  const pending = account.pendingFreeze;
  if (pending && covers(available(account), pending.amount)) {
    events.push(event('FundsFrozen', at, { month: pending.month, amount: pending.amount }));
    if (isSuspendedFor(account, 'freeze_failed')) {
      events.push(event('SuspensionLifted', at, { reason: 'freeze_failed' }));
    }
  }
  return events;
};
