/**
 * Rates an account's month: one bill line per meter, and the amount to freeze for the next month (rules.md, sections 6
 * and 8). Changing a rule here takes a new rating version; old versions are kept (section 12).
 */
import type { Account, Group } from './account.ts';
import { metered, packCalls } from './account.ts';
import type { BillLine } from './bill.ts';
import type { Month } from './calendar.ts';
import { type Catalogue, type Edition, indexOf, inForce } from './catalogue.ts';
import { contractsIn, type Pricing, pricingOf } from './contracts.ts';
import { type Fraction, fractionText, NOTHING, roundedTo } from './fraction.ts';
import { type Quantities, type Rated, rate } from './ladder.ts';
import { freeFormula, graduatedFormula, volumeFormula, voucherFormula } from './line-formula.ts';
import { type Money, ZERO } from './money.ts';
import type { Meter } from './price-book.ts';

export interface RatedLine {
  readonly line: BillLine;
  readonly edition: Edition;
  /** Exact cost of the post-paid calls at list price (contract price if there is none): the basis of a freeze. */
  readonly listCost: Fraction;
}

/** The month's quantities by meter id, in the order of the ids. */
const quantitiesByMeter = (
  groups: Readonly<Record<string, Group>>,
): Map<string, Quantities & { product: string }> => {
  const meters = new Map<string, Quantities & { product: string }>();
  for (const group of Object.values(groups)) {
    const q = meters.get(group.meter) ?? {
      product: group.product,
      metered: 0,
      free: 0,
      packs: 0,
      postPaid: 0,
      waived: 0,
    };
    meters.set(group.meter, {
      product: group.product,
      metered: q.metered + metered(group),
      free: q.free + group.free,
      packs: q.packs + packCalls(group),
      postPaid: q.postPaid + group.postPaid,
      waived: (q.waived ?? 0) + (group.waived ?? 0),
    });
  }
  return new Map([...meters].filter(([, q]) => q.metered > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** The rating version of new bills. */
export const CURRENT_RATING = '2';

/** What is rated of an account. */
export type Ratable = Pick<Account, 'contracts'> & {
  readonly months: Readonly<Record<Month, Pick<Account['months'][Month], 'groups'>>>;
};

type Rating = (account: Ratable, catalogue: Catalogue, month: Month) => RatedLine[];

/**
 * Rates every meter of a month with a rating version (that of its bill, or the current one for a new bill). A line
 * without a price has null amounts and the reason in `unpriced`. Throws for an unknown version.
 */
export const rateMonth = (
  account: Ratable,
  catalogue: Catalogue,
  month: Month,
  version: string,
): RatedLine[] => {
  const rating = ratings[version];
  if (!rating) throw new Error(`there is no rating version ${version}`);
  return rating(account, catalogue, month);
};

/** Version 1: lines without a unit and a discount; the arithmetic is that of version 2. */
const rateMonthV1: Rating = (account, catalogue, month) =>
  rateMonthV2(account, catalogue, month).map(({ line: { unit: _, discount: __, ...line }, ...rated }) => ({
    ...rated,
    line,
  }));

const rateMonthV2: Rating = (account, catalogue, month) => {
  const lines: RatedLine[] = [];
  const contracts = contractsIn(account, month);
  for (const [id, quantities] of quantitiesByMeter(account.months[month]?.groups ?? {})) {
    const edition = inForce(catalogue, quantities.product, month);
    const meter = edition && indexOf(edition.book).meters.get(id);
    if (!edition || !meter)
      throw new Error(`no edition of ${quantities.product} in ${month} has the meter ${id}`);
    lines.push(rateMeter(edition, meter, month, quantities, pricingOf(meter, contracts.get(id))));
  }
  return lines;
};

const ratings: Readonly<Record<string, Rating>> = { 1: rateMonthV1, [CURRENT_RATING]: rateMonthV2 };

const rateMeter = (
  edition: Edition,
  meter: Meter,
  month: Month,
  quantities: Quantities,
  pricing: Pricing,
): RatedLine => {
  const { book } = edition;
  const { metered: calls, free, packs, postPaid, waived = 0 } = quantities;
  const unit = indexOf(book).units.get(meter.id);
  const head = {
    product: book.product,
    meter: meter.id,
    name: meter.name,
    metered: calls,
    free,
    packs,
    postPaid,
    ...(waived > 0 ? { waived } : {}),
    ...(unit ? { unit } : {}),
  };
  const { ladder, discount } = pricing;
  if (meter.freeUntil !== undefined && month < meter.freeUntil) {
    const formula = freeFormula(quantities);
    const bands = ladder.mode === 'graduated' ? { bands: [] } : {};
    const nothing = { tier: null, unitPrice: null, ...bands, exact: '0', voucher: ZERO, amount: ZERO };
    const line = { ...head, ...nothing, formula };
    return { line, edition, listCost: NOTHING };
  }
  const rated = rate(ladder, quantities, discount);
  const voucher = book.allowance.grant === 'voucher';
  return {
    line: { ...head, ...priced(rated, pricing, quantities, voucher) },
    edition,
    listCost: listCost(rated, meter, quantities),
  };
};

/** At list price even under a contract or at a discount; at contract price only where there is no list price (rules.md, section 8). */
const listCost = (rated: Rated, meter: Meter, quantities: Quantities): Fraction => {
  const list = rate(meter.ladder, quantities);
  if (list.priced) return list.exact;
  return rated.priced ? rated.exact : NOTHING;
};

const priced = (
  rated: Rated,
  pricing: Pricing,
  quantities: Quantities,
  voucher: boolean,
): Pick<
  BillLine,
  'tier' | 'unitPrice' | 'discount' | 'bands' | 'exact' | 'voucher' | 'amount' | 'formula' | 'unpriced'
> => {
  const factor = pricing.discount === undefined ? {} : { discount: pricing.discount };
  if (!rated.priced) {
    const unpriced = { code: 'price_not_agreed', quantity: rated.quantity } as const;
    const formula = `${quantities.postPaid} × ?`;
    return {
      tier: rated.tier,
      unitPrice: null,
      ...factor,
      exact: null,
      voucher: null,
      amount: null,
      formula,
      unpriced,
    };
  }
  const cost = fractionText(rated.exact);
  return {
    tier: rated.tier,
    unitPrice: rated.unitPrice,
    ...factor,
    ...(rated.bands ? { bands: rated.bands } : {}),
    exact: cost,
    voucher: voucher ? inMoney(rated.free) : ZERO,
    amount: inMoney(rated.exact),
    formula: formulaOf(rated, pricing, quantities, voucher, cost),
  };
};

const inMoney = (cost: Fraction): Money => roundedTo(cost, 2);

const formulaOf = (
  rated: Extract<Rated, { priced: true }>,
  { ladder: { per }, discount }: Pricing,
  quantities: Quantities,
  voucher: boolean,
  cost: string,
): string => {
  if (rated.bands) return graduatedFormula(rated.bands, { discount, per }, cost);
  if (rated.unitPrice === null) return freeFormula(quantities);
  const write = voucher ? voucherFormula : volumeFormula;
  return write(quantities, { unitPrice: rated.unitPrice, discount, per }, cost);
};
