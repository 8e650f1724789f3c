/**
 * A bill as rows of FOCUS 1.2. BilledCost of a bill's rows adds up to its total, and every row names the bill by its
 * digest (InvoiceId). A line becomes one row per price (post-paid), one for its free calls and one for calls paid by
 * packs. A pack bought is a Purchase, and one returned a negative one. A correction of a closed month is a Correction in that month's charge period. A
 * credit was paid into the balance when it was given and is in no total, so it is billed 0 and has its own column.
 */
import type { Bill } from '../domain/bill.ts';
import { type Calendar, type Month, nextMonth } from '../domain/calendar.ts';
import { editionsOf, indexOf, inForce, poolUnit, productOf } from '../domain/catalogue.ts';
import type { BillingContext } from '../domain/context.ts';
import { type ExactDecimal, exact, negated, plain } from '../domain/money.ts';
import { FOCUS_COLUMNS, type FocusRow } from './focus-columns.ts';
import { editionOf, type PricedPart, pricedParts } from './focus-price.ts';

export interface FocusOf extends BillingContext {
  /** The seller: provider, publisher and invoice issuer. */
  readonly provider: string;
  /** By meter: amortized pack cost of the calls that packs paid in the bill's month, in exact yuan. */
  readonly packCosts: ReadonlyMap<string, ExactDecimal>;
}

const NONE = Object.fromEntries(FOCUS_COLUMNS.map((column) => [column, null])) as FocusRow;
/** What is counted where the book names no unit. */
const CALLS = 'Calls';
const NOTHING = { cost: '0', price: '0' } as const;

/** The rows of an issued bill, in the order of the bill. */
export function* focusRows(bill: Bill, of: FocusOf): Generator<FocusRow> {
  const { catalogue, packCosts } = of;
  for (const line of bill.lines) {
    const edition = editionOf(catalogue, bill, line.product);
    const sku = {
      ...headOf(bill, of, line.product),
      ...usageOf(line.meter),
      SkuMeter: line.name.en,
      ChargeDescription: `${line.name.zh} ${line.name.en}: ${line.formula}`,
      PricingCategory: 'Standard',
    };
    const unit = (edition && indexOf(edition.book).units.get(line.meter)?.en) ?? CALLS;
    const skuPrice = `${line.meter}@${edition?.book.edition ?? bill.month}`;
    for (const part of pricedParts(line, edition))
      yield { ...sku, ...costsOfPart(part, unit), SkuPriceId: `${skuPrice}/above-${part.above ?? 'none'}` };
    if (line.free > 0)
      yield { ...sku, ...costs(line.free, unit, NOTHING.cost, NOTHING.cost), SkuPriceId: `${skuPrice}/free` };
    if (line.packs > 0) {
      const effective = packCosts.get(line.meter) ?? '0';
      const paid = { PricingCategory: 'Other', SkuPriceId: `${skuPrice}/pack` };
      yield { ...sku, ...costs(line.packs, unit, NOTHING.cost, effective), ...paid };
    }
  }
  for (const purchase of bill.packPurchases) yield purchaseRow(bill, of, purchase);
  for (const back of bill.packReturns ?? []) yield returnRow(bill, of, back);
  for (const correction of bill.corrections) yield correctionRow(bill, of, correction);
  for (const credit of bill.credits) yield creditRow(bill, of, credit);
}

/** The first instant of a month with the zone's offset, so that a pivot by date puts it into that month. */
const startText = (calendar: Calendar, month: Month): string =>
  calendar.textOf(calendar.startOf(month)).replace('.000', '');

/** The columns common to all rows of a bill, for a charge of the bill's own month. */
const headOf = (bill: Bill, { calendar, catalogue, provider }: FocusOf, product: string): FocusRow => {
  const [start, end] = [startText(calendar, bill.month), startText(calendar, nextMonth(bill.month))];
  const book = (editionOf(catalogue, bill, product) ?? editionsOf(catalogue, product).at(-1))?.book;
  return {
    ...NONE,
    BillingAccountId: bill.account,
    BillingCurrency: bill.currency,
    BillingPeriodStart: start,
    BillingPeriodEnd: end,
    ChargePeriodStart: start,
    ChargePeriodEnd: end,
    InvoiceId: bill.digest,
    ProviderName: provider,
    PublisherName: provider,
    InvoiceIssuerName: provider,
    ServiceCategory: 'AI and Machine Learning',
    ServiceName: book?.name.en ?? product,
  };
};

const usageOf = (meter: string) => ({
  ChargeCategory: 'Usage',
  ChargeFrequency: 'Usage-Based',
  SkuId: meter,
});

const costs = (calls: number, unit: string, billed: string, effective: ExactDecimal) => ({
  BilledCost: billed,
  EffectiveCost: effective,
  ContractedCost: billed,
  ListCost: billed,
  ConsumedQuantity: String(calls),
  ConsumedUnit: unit,
  PricingQuantity: String(calls),
  PricingUnit: unit,
  ContractedUnitPrice: NOTHING.price,
  ListUnitPrice: NOTHING.price,
});

const costsOfPart = ({ quantity, per, billed, ...part }: PricedPart, unit: string) => ({
  ...costs(quantity, unit, billed, billed),
  ContractedCost: part.cost,
  ContractedUnitPrice: part.unitPrice,
  ListCost: part.listCost,
  ListUnitPrice: part.listUnitPrice,
  PricingQuantity: plain(exact(quantity).dividedBy(per)),
  PricingUnit: per === 1 ? unit : `${per} ${unit}`,
});

/** The effective cost of a purchase is 0 (FOCUS); it is amortized over the calls that the pack pays. */
const purchaseRow = (
  bill: Bill,
  of: FocusOf,
  { pack, pool, size, price }: Bill['packPurchases'][number],
): FocusRow => ({
  ...headOf(bill, of, productOf(pool)),
  BilledCost: price,
  EffectiveCost: '0',
  ContractedCost: price,
  ListCost: price,
  ContractedUnitPrice: price,
  ListUnitPrice: price,
  PricingQuantity: '1',
  PricingUnit: 'Packs',
  PricingCategory: 'Standard',
  ChargeCategory: 'Purchase',
  ChargeFrequency: 'One-Time',
  ChargeDescription: `${pack}: a pack of ${size} ${poolUnitIn(bill, of, pool)} of ${pool}`,
  SkuId: pool,
  SkuMeter: poolUnitIn(bill, of, pool),
  SkuPriceId: `${pool}/pack-${size}@${price}`,
  x_PackId: pack,
});

/** A purchase of minus one pack: the price came back. */
const returnRow = (bill: Bill, of: FocusOf, back: Bill['packPurchases'][number]): FocusRow => {
  const [price, purchase] = [negated(back.price), purchaseRow(bill, of, back)];
  return {
    ...purchase,
    BilledCost: price,
    ContractedCost: price,
    ListCost: price,
    PricingQuantity: '-1',
    ChargeDescription: `returned ${purchase.ChargeDescription}`,
  };
};

const poolUnitIn = (bill: Bill, { catalogue }: FocusOf, pool: string): string => {
  const edition = editionOf(catalogue, bill, productOf(pool));
  return (edition && poolUnit(edition.book, pool)?.en) ?? CALLS;
};

const correctionRow = (
  bill: Bill,
  of: FocusOf,
  { month, product, meter, calls, amount, reason }: Bill['corrections'][number],
): FocusRow => ({
  ...headOf(bill, of, product),
  ...usageOf(meter),
  ChargeClass: 'Correction',
  ChargePeriodStart: startText(of.calendar, month),
  ChargePeriodEnd: startText(of.calendar, nextMonth(month)),
  ChargeDescription: `${meter} of ${month}: ${reason}`,
  BilledCost: amount,
  EffectiveCost: amount,
  ContractedCost: amount,
  ListCost: amount,
  ConsumedQuantity: String(calls),
  ConsumedUnit: unitIn(of, product, month, meter),
});

const unitIn = ({ catalogue }: FocusOf, product: string, month: Month, meter: string): string => {
  const edition = inForce(catalogue, product, month);
  return (edition && indexOf(edition.book).units.get(meter)?.en) ?? CALLS;
};

const creditRow = (bill: Bill, of: FocusOf, { amount, reason }: Bill['credits'][number]): FocusRow => ({
  ...headOf(bill, of, of.provider),
  ChargeCategory: 'Credit',
  ChargeFrequency: 'One-Time',
  ChargeDescription: `paid into the balance: ${reason}`,
  BilledCost: '0',
  EffectiveCost: '0',
  ContractedCost: '0',
  ListCost: '0',
  x_CreditedAmount: amount,
});
