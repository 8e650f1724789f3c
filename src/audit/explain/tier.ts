/**
 * Explains a line's tier and price (rules.md, section 6): the quantity, the ladder, and the ladder's origin.
 */
import type { Account, Contract } from '../../domain/account.ts';
import type { BillLine } from '../../domain/bill.ts';
import type { Month } from '../../domain/calendar.ts';
import type { Edition } from '../../domain/catalogue.ts';
import { indexOf } from '../../domain/catalogue.ts';
import { contractsIn, pricingOf } from '../../domain/contracts.ts';
import { tierQuantity } from '../../domain/ladder.ts';
import type { Ladder, Name } from '../../domain/price-book.ts';
import { oneOf, priceFor, severalOf } from '../../domain/unit-words.ts';

export interface TierExplained {
  readonly ladder: Ladder;
  /** The quantity that determines the tier, in units of the meter, and how it is computed. */
  readonly quantity: number;
  readonly formed: string;
  /** Origin of the price; for a contract its validity and event. */
  readonly price:
    | { readonly of: 'list' }
    | {
        readonly of: 'contract';
        readonly from: Month;
        readonly until: Month | null;
        readonly event: number | null;
        /** The factor of the list's prices, where that is what was agreed. */
        readonly discount?: string | undefined;
      };
  readonly edition: {
    readonly product: string;
    readonly edition: string;
    readonly effectiveFrom: Month;
    readonly digest: string;
  };
  /** The first month that is charged, if the line's month is before it. */
  readonly freeUntil: Month | null;
  readonly voucher: { readonly calls: number; readonly amount: string } | null;
  /** The tier reached, in a sentence. */
  readonly reached: string;
  /** The reasoning step by step, in sentences. */
  readonly because: readonly string[];
}

export interface TierOf {
  readonly line: BillLine;
  readonly account: Account;
  readonly month: Month;
  readonly edition: Edition;
  /** Revision of the event that agreed a contract; null if unknown. */
  readonly agreed: (contract: Contract) => number | null;
}

/** Explains a line's price. Throws if its edition does not have its meter. */
export const explainTier = ({ line, account, month, edition, agreed }: TierOf): TierExplained => {
  const { book, digest } = edition;
  const meter = indexOf(book).meters.get(line.meter);
  if (!meter) throw new Error(`${book.product} ${book.edition} has no meter ${line.meter}`);
  const contract = contractsIn(account, month).get(line.meter);
  const { ladder, discount } = pricingOf(meter, contract);
  const quantity = tierQuantity(ladder, line);
  const freeUntil = meter.freeUntil !== undefined && month < meter.freeUntil ? meter.freeUntil : null;
  const voucher =
    book.allowance.grant === 'voucher' && line.free > 0 && line.voucher !== null
      ? { calls: line.free, amount: line.voucher }
      : null;
  const unit = indexOf(book).units.get(line.meter);
  const formed = formedOf(ladder, line, quantity, severalOf(unit));
  const price: TierExplained['price'] = contract
    ? {
        of: 'contract',
        from: contract.from,
        until: contract.until,
        event: agreed(contract),
        ...(discount === undefined ? {} : { discount }),
      }
    : { of: 'list' };
  const said =
    freeUntil === null
      ? reached(line, ladder, quantity, unit)
      : `months before ${freeUntil} cost nothing, whatever is agreed`;
  return {
    ladder,
    quantity,
    formed,
    price,
    edition: { product: book.product, edition: book.edition, effectiveFrom: book.effectiveFrom, digest },
    freeUntil,
    voucher,
    reached: said,
    because: [
      priceSaid(price, edition),
      ...(freeUntil === null ? [formed, said] : [said]),
      ...(voucher
        ? [`the voucher takes the ${voucher.calls} free ${severalOf(unit)} off again: ${voucher.amount} yuan`]
        : []),
    ],
  };
};

const priceSaid = (price: TierExplained['price'], { book, digest }: Edition): string => {
  const edition = `${book.product} ${book.edition} (in force from ${book.effectiveFrom}, digest ${digest.slice(0, 16)}…)`;
  if (price.of === 'list') return `the list price of ${edition}`;
  const until = price.until === null ? 'without end' : `until ${price.until}, excluded`;
  const by = price.event === null ? '' : `, agreed by event ${price.event}`;
  return price.discount === undefined
    ? `a contract price from ${price.from} on, ${until}${by}, instead of the list price of ${edition}`
    : `the list price of ${edition}, times ${price.discount}: a discount from ${price.from} on, ${until}${by}`;
};

const formedOf = ({ tierBy }: Ladder, line: BillLine, quantity: number, units: string): string => {
  const { metered, free, postPaid, waived = 0 } = line;
  switch (tierBy) {
    case 'post_paid':
      return `the post-paid ${units} choose the tier: ${quantity}`;
    case 'post_paid_and_free':
      return `the post-paid and the free ${units} choose the tier: ${postPaid} + ${free} = ${quantity}`;
    case 'metered':
      return waived === 0
        ? `all metered ${units} choose the tier: ${metered}`
        : `all metered ${units} but the waived ones choose the tier: ${metered} − ${waived} = ${quantity}`;
  }
};

const reached = (
  line: BillLine,
  { mode, bounds, per, tiers }: Ladder,
  quantity: number,
  unit: Name | undefined,
): string => {
  const each = priceFor(unit, per);
  if (mode === 'graduated') {
    const bands = line.bands ?? [];
    if (bands.length === 0) return `graduated: no post-paid ${oneOf(unit)} lies in a tier`;
    const laid = bands.map((b) => `${b.quantity} above ${b.above} at ${b.unitPrice ?? 'no price'}`);
    return `graduated, each post-paid ${oneOf(unit)} at the price of the tier it lies in: ${laid.join(', ')} yuan ${each}`;
  }
  if (!line.tier) {
    const first = tiers[0]?.above ?? 0;
    return `${quantity} reaches no tier: the first lies above ${first}, so nothing is charged`;
  }
  const { above, upTo } = line.tier;
  const [low, high] = bounds === 'upper' ? ['<', '≤'] : ['≤', '<'];
  const range = `${above} ${low} ${quantity}${upTo === null ? '' : ` ${high} ${upTo}`}`;
  const cost =
    line.unitPrice === null ? 'no price, and nothing is post-paid' : `${line.unitPrice} yuan ${each}`;
  return `tier reached, one price for all post-paid ${severalOf(unit)}: ${range} → ${cost}`;
};
