/** Explains the sums of a bill: the arithmetic of each, and the events that moved the money. */
import type { Account } from '../../domain/account.ts';
import type { Bill, BillLine } from '../../domain/bill.ts';
import { type Catalogue, indexOf, inForce } from '../../domain/catalogue.ts';
import { contractsIn, pricingOf } from '../../domain/contracts.ts';
import { fractionText } from '../../domain/fraction.ts';
import { rate } from '../../domain/ladder.ts';
import { isZero, negated } from '../../domain/money.ts';
import type { FreezePolicy } from '../../domain/price-book.ts';
import type { ExplainedEvent } from './account-events.ts';

export interface Sum {
  readonly amount: string | null;
  readonly formula: string;
  /** Revisions of the events behind it. */
  readonly events: readonly number[];
}

export interface FrozenExplained {
  readonly product: string;
  readonly amount: string;
  /** The basis as shown on the bill; it is multiplied by the rate. */
  readonly basis: string;
  readonly policy: FreezePolicy;
  /** Exact cost in yuan of each meter, which add up to the basis. */
  readonly meters: readonly { readonly meter: string; readonly cost: string }[];
}

export interface TotalsExplained {
  readonly due: Sum;
  readonly packs: Sum;
  readonly total: Sum;
  readonly unfrozen: Sum;
  readonly frozen: Sum & {
    readonly outcome: 'frozen' | 'failed' | 'nothing';
    readonly byProduct: readonly FrozenExplained[];
  };
}

/** Explains a bill's sums. `before` are the events since the last close, `after` those of the close's own append. */
export const explainTotals = (
  bill: Bill,
  account: Account,
  catalogue: Catalogue,
  before: readonly ExplainedEvent[],
  after: readonly ExplainedEvent[],
): TotalsExplained => {
  const of = (events: readonly ExplainedEvent[], type: ExplainedEvent['event']['type']): number[] =>
    events.filter(({ event }) => event.type === type).map(({ revision }) => revision);
  const { due, packsTotal, total, unfrozen, frozen } = bill;
  const amounts = [...bill.lines, ...bill.corrections].map(({ amount }) => amount ?? '?');
  const purchased = new Set(bill.packPurchases.map(({ pack }) => pack));
  const returned = new Set(bill.packReturns?.map(({ pack }) => pack));
  const bought = before.filter(
    ({ event }) =>
      (event.type === 'PackPurchased' && event.data.packs.some((id) => purchased.has(id))) ||
      (event.type === 'PackReturned' && returned.has(event.data.pack)),
  );
  const froze = of(after, 'FundsFrozen');
  const failed = of(after, 'FreezeFailed');
  return {
    due: { amount: due, formula: added(amounts, due), events: of(after, 'BillSettled') },
    packs: {
      amount: packsTotal,
      formula: added(
        [
          ...bill.packPurchases.map(({ price }) => price),
          ...(bill.packReturns ?? []).map(({ price }) => negated(price)),
        ],
        packsTotal,
      ),
      events: bought.map(({ revision }) => revision),
    },
    total: { amount: total, formula: `${due ?? '?'} + ${packsTotal} = ${total ?? '?'}`, events: [] },
    unfrozen: {
      amount: unfrozen,
      formula: isZero(unfrozen)
        ? 'nothing was frozen'
        : `what the last close froze is given back: ${unfrozen}`,
      events: [...of(before, 'FundsFrozen'), ...of(after, 'FundsUnfrozen')],
    },
    frozen: {
      amount: frozen.total,
      formula: added(
        frozen.byProduct.map(({ amount }) => amount),
        frozen.total,
      ),
      events: [...froze, ...failed],
      outcome: froze.length > 0 ? 'frozen' : failed.length > 0 ? 'failed' : 'nothing',
      byProduct: frozen.byProduct.flatMap((part) => {
        const book = inForce(catalogue, part.product, bill.month)?.book;
        if (!book?.freeze) return [];
        const policy = book.freeze;
        const meters = bill.lines
          .filter(({ product }) => product === part.product)
          .map((line) => ({ meter: line.meter, cost: frozenOf(line, bill, account, catalogue, policy) }));
        return [{ ...part, policy, meters }];
      }),
    },
  };
};

/** Amounts as a sum that a person can check: `6368.00 + 20.00 = 6388.00`. */
const added = (amounts: readonly string[], sum: string | null): string =>
  amounts.length === 0 ? (sum ?? '?') : `${amounts.join(' + ')} = ${sum ?? '?'}`;

/** A line's contribution to the freeze: its amount, or its cost at list price (contract price if there is none). */
const frozenOf = (
  line: BillLine,
  bill: Bill,
  account: Account,
  catalogue: Catalogue,
  policy: FreezePolicy,
): string => {
  if (policy.of === 'bill') return line.amount ?? '0';
  const book = inForce(catalogue, line.product, bill.month)?.book;
  const meter = book && indexOf(book).meters.get(line.meter);
  if (!meter || (meter.freeUntil !== undefined && bill.month < meter.freeUntil)) return '0';
  const list = rate(meter.ladder, line);
  if (list.priced) return fractionText(list.exact);
  const { ladder, discount } = pricingOf(meter, contractsIn(account, bill.month).get(line.meter));
  const agreed = rate(ladder, line, discount);
  return agreed.priced ? fractionText(agreed.exact) : '0';
};
