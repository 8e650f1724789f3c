/**
 * The columns of a FOCUS 1.2 data set (FinOps Open Cost and Usage Specification, https://focus.finops.org) that apply
 * to a metered API: all mandatory ones, the conditional ones whose condition holds here, and custom ones, which begin
 * with `x_`. Regions, resources, sub accounts and commitment discounts have no counterpart and are omitted.
 */
import { type Cell, numberCell } from './csv.ts';

export const FOCUS_COLUMNS = [
  'BilledCost',
  'BillingAccountId',
  'BillingAccountName',
  'BillingCurrency',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargeClass',
  'ChargeDescription',
  'ChargeFrequency',
  'ChargePeriodEnd',
  'ChargePeriodStart',
  'ConsumedQuantity',
  'ConsumedUnit',
  'ContractedCost',
  'ContractedUnitPrice',
  'EffectiveCost',
  'InvoiceId',
  'InvoiceIssuerName',
  'ListCost',
  'ListUnitPrice',
  'PricingCategory',
  'PricingQuantity',
  'PricingUnit',
  'ProviderName',
  'PublisherName',
  'ServiceCategory',
  'ServiceName',
  'SkuId',
  'SkuMeter',
  'SkuPriceId',
  'x_CreditedAmount',
  'x_PackId',
] as const;

export type FocusColumn = (typeof FOCUS_COLUMNS)[number];

/** A row by column; decimal text where FOCUS has a number, null where a value does not apply. */
export type FocusRow = Readonly<Record<FocusColumn, string | null>>;

const NUMBERS: ReadonlySet<FocusColumn> = new Set([
  'BilledCost',
  'ConsumedQuantity',
  'ContractedCost',
  'ContractedUnitPrice',
  'EffectiveCost',
  'ListCost',
  'ListUnitPrice',
  'PricingQuantity',
  'x_CreditedAmount',
]);

/** The CSV cells of a row, in the order of the columns. */
export const focusCells = (row: FocusRow): readonly Cell[] =>
  FOCUS_COLUMNS.map((column) => (NUMBERS.has(column) ? numberCell(row[column]) : row[column]));
