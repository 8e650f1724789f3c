/**
 * Agreeing a contract price (rules.md, section 6): an account's own ladder for a meter, or the list's prices times a
 * factor, from a month on. Every close carries all contract prices of an account forward, so their number is limited.
 */
import type { Account, Terms } from './account.ts';
import type { Month } from './calendar.ts';
import { editionsOf, inForce, meterExists, metersOf, productOf } from './catalogue.ts';
import type { DecisionContext } from './context.ts';
import { accept, type Decision, type Refused, refuse } from './decision.ts';
import { type AccountEvent, event } from './events.ts';
import { fraction, isLess, NOTHING } from './fraction.ts';
import type { Ladder } from './price-book.ts';
import { isPlausibleMonth, ladderBounds, PLAUSIBLE_MONTHS } from './price-book-bounds.ts';
import { freeCalls, ladderProblems } from './price-book-problems.ts';
import { suggestion } from './suggest.ts';

const CONTRACTS_MAX = 1_000;
/** Limit on the total number of tiers in an account's contract prices. */
const CONTRACT_TIERS_MAX = 5_000;

export interface Agreement {
  readonly meter: string;
  readonly from: Month;
  /** The first month without it; null or absent: for good. */
  readonly until?: Month | null | undefined;
  /** Exactly one of the two. */
  readonly ladder?: Ladder | null | undefined;
  /** The factor, as decimal text. */
  readonly discount?: string | null | undefined;
}

/** Agrees a price, or refuses. */
export const agreePrice = (
  account: Account,
  agreement: Agreement,
  { at, catalogue, again }: DecisionContext,
): Decision<AccountEvent> => {
  const { meter, from } = agreement;
  const until = agreement.until ?? null;
  const product = productOf(meter);
  if (!meterExists(catalogue, meter)) {
    const { asked, meant } = suggestion(meter, metersOf(catalogue, product));
    return refuse('meter_unknown', `no price book has the meter ${meter}${asked}`, { meter, ...meant });
  }
  if (until !== null && until <= from)
    return refuse('invalid_request', 'until: must be a month after `from`', { field: 'until' });
  const terms = termsOf(agreement);
  if ('outcome' in terms) return terms;
  const { ladder } = terms;
  const outOfBounds = again ? null : boundsRefusal(account, from, until, ladder);
  if (outOfBounds) return outOfBounds;
  const book = inForce(catalogue, product, from)?.book ?? editionsOf(catalogue, product).at(-1)?.book;
  const [problem] = ladder ? ladderProblems(ladder, book ? freeCalls(book, meter) : 0) : [];
  if (problem) return refuse('ladder_malformed', `ladder: ${problem.message}`, { field: problem.path });
  return accept(
    event('ContractPriceAgreed', at, {
      ...{ product, meter, from, until },
      ...terms,
      ...(account.limits ? { catalogue: catalogue.published.length } : {}),
    }),
  );
};

const termsOf = ({ ladder = null, discount = null }: Agreement): Terms | Refused => {
  if (ladder !== null && discount === null) return { ladder };
  if (discount === null || ladder !== null)
    return refuse('invalid_request', 'ladder: either a ladder or a discount is agreed', { field: 'ladder' });
  const factor = fraction(discount);
  return isLess(NOTHING, factor) && !isLess(fraction(1), factor)
    ? { discount }
    : refuse('invalid_request', 'discount: a factor above 0 and up to 1', { field: 'discount' });
};

const boundsRefusal = (
  { contracts }: Account,
  from: Month,
  until: Month | null,
  ladder: Ladder | undefined,
) => {
  for (const [field, month] of [['from', from] as const, ['until', until] as const])
    if (month !== null && !isPlausibleMonth(month))
      return refuse('invalid_request', `${field}: must be ${PLAUSIBLE_MONTHS}`, { field });
  const [problem] = ladder ? ladderBounds(ladder) : [];
  if (problem)
    return refuse('ladder_malformed', `${problem.path}: ${problem.message}`, { field: problem.path });
  const tiers = contracts.reduce((sum, one) => sum + tiersOf(one.ladder), tiersOf(ladder));
  if (contracts.length < CONTRACTS_MAX && tiers <= CONTRACT_TIERS_MAX) return null;
  const detail = `an account has at most ${CONTRACTS_MAX} contract prices and ${CONTRACT_TIERS_MAX} tiers of them`;
  return refuse('contract_limit_reached', detail, { contracts: contracts.length, tiers });
};

const tiersOf = (ladder: Ladder | undefined): number => ladder?.tiers.length ?? 0;
