/** Contract prices (rules.md, section 6; price-books.md, "Contracts"): which one applies in a month, and what it says. */
import type { Account, Contract } from './account.ts';
import type { Month } from './calendar.ts';
import type { Ladder, Meter } from './price-book.ts';

const covers = ({ from, until }: Contract, month: Month): boolean =>
  from <= month && (until === null || month < until);

/** The contract that applies in a month, by meter: the one agreed last. */
export const contractsIn = (
  { contracts }: Pick<Account, 'contracts'>,
  month: Month,
): ReadonlyMap<string, Contract> =>
  // Contracts are in the order of agreement, so a later one overwrites an earlier one.
  new Map(contracts.filter((one) => covers(one, month)).map((one) => [one.meter, one]));

/** Prices, and the factor that all of them are multiplied by; undefined: none. */
export interface Pricing {
  readonly ladder: Ladder;
  readonly discount: string | undefined;
}

/** What prices a meter under a contract: its ladder, or the list's at a discount; else the list's. */
export const pricingOf = ({ ladder }: Meter, contract: Contract | undefined): Pricing => ({
  ladder: contract?.ladder ?? ladder,
  discount: contract?.discount,
});
