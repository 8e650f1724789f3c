/**
 * Where a month stands on the ladder of each meter: the tier, how far the next one is, and what the line costs now, just
 * before that step and just past it (rules.md, sections 2 and 6). Further calls are taken as post-paid.
 */
import type { Account } from './account.ts';
import type { Month } from './calendar.ts';
import { type Catalogue, indexOf } from './catalogue.ts';
import { contractsIn, type Pricing, pricingOf } from './contracts.ts';
import { roundedTo } from './fraction.ts';
import { firstOf, type Quantities, rate, tierQuantity } from './ladder.ts';
import { exact, type Money, minus } from './money.ts';
import type { Ladder, Name, Tier } from './price-book.ts';
import { type Cliff, ladderCliffs } from './price-cliffs.ts';
import { CURRENT_RATING, rateMonth } from './rating.ts';

export interface NextTier extends Tier {
  /** Post-paid calls until the first one in the tier, that one included. */
  readonly calls: number;
  /** The line's amount with one call less than that, and with them; null without a price. */
  readonly before: Money | null;
  readonly past: Money | null;
  /** Whether the step lowers the bill. */
  readonly isCliff: boolean;
  /** What reaching it would save compared with now; null where it saves nothing. */
  readonly saves: Money | null;
}

export interface TierGauge extends Quantities {
  readonly product: string;
  readonly meter: string;
  readonly name: Name;
  /** Of the contract, else of the edition in force. */
  readonly ladder: Ladder;
  readonly isContract: boolean;
  /** The factor of the list's prices that is agreed, where one is. */
  readonly discount?: string;
  /** The quantity that chooses the tier. */
  readonly quantity: number;
  /** The tier that it lies in; null below the first one. */
  readonly tier: Tier | null;
  /** The line's amount now; null without a price. */
  readonly amount: Money | null;
  /** Null in the last tier, and while the meter is free. */
  readonly next: NextTier | null;
  /** Quantities at which one more call lowers the bill, all calls being post-paid. */
  readonly cliffs: readonly Omit<Cliff, 'meter'>[];
  /** The meter costs nothing in months before this one; null where it does now. */
  readonly freeUntil: Month | null;
}

/** The gauges of a month's meters with calls, in the order of their ids. */
export const tierGauges = (account: Account, catalogue: Catalogue, month: Month): TierGauge[] => {
  const contracts = contractsIn(account, month);
  return rateMonth(account, catalogue, month, CURRENT_RATING).flatMap(({ line, edition }): TierGauge[] => {
    const meter = indexOf(edition.book).meters.get(line.meter);
    if (!meter) return [];
    const pricing = pricingOf(meter, contracts.get(line.meter));
    const { ladder, discount } = pricing;
    const { product, name, amount, metered: calls, free, packs, postPaid } = line;
    const quantities = { metered: calls, free, packs, postPaid };
    const freeUntil = meter.freeUntil !== undefined && month < meter.freeUntil ? meter.freeUntil : null;
    return [
      {
        ...{ product, meter: line.meter, name, ladder, isContract: ladder !== meter.ladder, ...quantities },
        ...(discount === undefined ? {} : { discount }),
        ...placeOn(ladder, quantities),
        amount,
        next: freeUntil === null ? nextTier(pricing, quantities, amount) : null,
        cliffs: freeUntil === null ? ladderCliffs(ladder, discount) : [],
        freeUntil,
      },
    ];
  });
};

const placeOn = (ladder: Ladder, quantities: Quantities): Pick<TierGauge, 'quantity' | 'tier'> => {
  const quantity = tierQuantity(ladder, quantities);
  return { quantity, tier: ladder.tiers.findLast((tier) => firstOf(ladder, tier) <= quantity) ?? null };
};

const nextTier = (pricing: Pricing, quantities: Quantities, now: Money | null): NextTier | null => {
  const { ladder } = pricing;
  const quantity = tierQuantity(ladder, quantities);
  const tier = ladder.tiers.find((one) => firstOf(ladder, one) > quantity);
  if (!tier) return null;
  const calls = firstOf(ladder, tier) - quantity;
  const before = calls === 1 ? now : amountWith(pricing, quantities, calls - 1);
  const past = amountWith(pricing, quantities, calls);
  const isLess = (than: Money | null): boolean =>
    past !== null && than !== null && exact(past).lessThan(than);
  const saves = isLess(now) ? minus(now ?? '0', past ?? '0') : null;
  return { ...tier, calls, before, past, isCliff: isLess(before), saves };
};

const amountWith = ({ ladder, discount }: Pricing, quantities: Quantities, more: number): Money | null => {
  const { metered: calls, postPaid } = quantities;
  const then = { ...quantities, metered: calls + more, postPaid: postPaid + more };
  const rated = rate(ladder, then, discount);
  return rated.priced ? roundedTo(rated.exact, 2) : null;
};
