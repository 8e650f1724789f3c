/**
 * The statement of an account over [from, to): opening balance, each event that changed it, closing balance. Its sums
 * are computed independently and compared, event by event, with the folded account; a statement that does not add up is
 * not returned. Freezes do not change the balance (rules.md, section 8) and are listed separately.
 */
import { instantText } from '../domain/calendar.ts';
import type { AccountEvent } from '../domain/events.ts';
import { type Money, minus, negated, plus, times, ZERO } from '../domain/money.ts';
import type { EventStore } from '../eventstore/event-store.ts';
import { accountStream } from '../eventstore/stream-names.ts';
import { advanced, type LoadedAccount } from '../ledger/account/loaded-account.ts';
import { entryAsOf } from '../ledger/queries/as-of.ts';
import { accountEventsFrom } from './account-events.ts';
import type { Period } from './period.ts';

export type MoveKind = 'deposit' | 'packs' | 'return' | 'settlement' | 'credit';

/** One event that changed the balance, in yuan; negative where money was paid out. */
export interface Move {
  readonly at: string;
  readonly kind: MoveKind;
  /** The deposit's or credit's reference, the pool of packs bought or returned, the month of a bill. */
  readonly reference: string;
  /** How many packs; null for others. */
  readonly packs: number | null;
  readonly amount: Money;
  readonly balance: Money;
  readonly event: { readonly stream: string; readonly revision: number };
}

/** One freeze or unfreeze, with the frozen amount before and after, in yuan. */
export interface Freeze {
  readonly at: string;
  readonly kind: 'frozen' | 'unfrozen';
  readonly amount: Money;
  readonly before: Money;
  readonly after: Money;
  readonly event: { readonly stream: string; readonly revision: number };
}

export interface Statement {
  readonly account: string;
  readonly currency: 'CNY';
  readonly from: string | null;
  readonly to: string | null;
  readonly opening: Money;
  readonly entries: readonly Move[];
  readonly sums: Readonly<Record<MoveKind, Money>>;
  readonly closing: Money;
  readonly frozen: { readonly opening: Money; readonly freezes: readonly Freeze[]; readonly closing: Money };
}

/** The statement's sums differ from the folded account; `stream` and `revision` name the first event that differs. */
export class StatementDoesNotAddUp extends Error {
  readonly stream: string;
  readonly revision: number;
  constructor(stream: string, revision: number, what: string, expected: string, found: string) {
    super(`event ${revision} of ${stream}: ${what} adds up to ${expected}, the account has ${found}`);
    this.stream = stream;
    this.revision = revision;
  }
}

/** The change of the balance by an event, and its description; null if none. */
const moveOf = (event: AccountEvent): Pick<Move, 'kind' | 'reference' | 'packs' | 'amount'> | null => {
  switch (event.type) {
    case 'FundsDeposited':
      return { kind: 'deposit', reference: event.data.reference, packs: null, amount: event.data.amount };
    case 'CreditGranted':
      return { kind: 'credit', reference: event.data.reference, packs: null, amount: event.data.amount };
    case 'BillSettled':
      return {
        kind: 'settlement',
        reference: event.data.month,
        packs: null,
        amount: negated(event.data.amount),
      };
    case 'PackPurchased': {
      const { pool, packs, price } = event.data;
      return {
        kind: 'packs',
        reference: pool,
        packs: packs.length,
        amount: negated(times(price, packs.length)),
      };
    }
    case 'PackReturned':
      return { kind: 'return', reference: event.data.pool, packs: 1, amount: event.data.price };
    default:
      return null;
  }
};

/** The statement; null for an unknown account. Throws StatementDoesNotAddUp. */
export const statementOf = async (
  store: EventStore,
  account: string,
  period: Period,
): Promise<Statement | null> => {
  const stream = accountStream(account);
  if ((await store.head(stream)).length === 0) return null;
  let entry: LoadedAccount =
    period.from === null
      ? { stream, account: null, length: 0, hash: null, since: 0 }
      : await entryAsOf(store, account, { at: period.from - 1 });
  const opening = { total: entry.account?.total ?? ZERO, frozen: entry.account?.frozen ?? ZERO };
  let { total, frozen } = opening;
  const entries: Move[] = [];
  const freezes: Freeze[] = [];
  const sums: Record<MoveKind, Money> = {
    deposit: ZERO,
    packs: ZERO,
    return: ZERO,
    settlement: ZERO,
    credit: ZERO,
  };
  for await (const { stored, event } of accountEventsFrom(store, account, entry.length)) {
    if (period.to !== null && event.at >= period.to) break;
    const { revision } = stored;
    const place = { at: instantText(event.at), event: { stream, revision } };
    const move = moveOf(event);
    if (move) {
      total = plus(total, move.amount);
      sums[move.kind] = plus(sums[move.kind], move.amount);
      entries.push({ ...place, ...move, balance: total });
    }
    if (event.type === 'FundsFrozen' || event.type === 'FundsUnfrozen') {
      const { amount } = event.data;
      const isFrozen = event.type === 'FundsFrozen';
      const before = frozen;
      frozen = isFrozen ? plus(frozen, amount) : minus(frozen, amount);
      freezes.push({ ...place, kind: isFrozen ? 'frozen' : 'unfrozen', amount, before, after: frozen });
    }
    entry = advanced(entry, [event], [stored]);
    const held = entry.account;
    if (held && held.total !== total)
      throw new StatementDoesNotAddUp(stream, revision, 'the balance', total, held.total);
    if (held && held.frozen !== frozen)
      throw new StatementDoesNotAddUp(stream, revision, 'what is frozen', frozen, held.frozen);
  }
  return {
    account,
    currency: 'CNY',
    from: period.from === null ? null : instantText(period.from),
    to: period.to === null ? null : instantText(period.to),
    opening: opening.total,
    entries,
    sums,
    closing: total,
    frozen: { opening: opening.frozen, freezes, closing: frozen },
  };
};
