/** Contract prices (rules.md, section 6): which one is for a month. */
import type { Account, Contract } from './account.ts';
import type { Month } from './calendar.ts';

const covers = ({ from, until }: Contract, month: Month): boolean =>
  from <= month && (until === null || month < until);

/** By meter, the contract that is for a month: of several the one agreed last. */
export const contractsIn = (
  { contracts }: Pick<Account, 'contracts'>,
  month: Month,
): ReadonlyMap<string, Contract> =>
  // Contracts stand in the order of their agreement: a later one takes the place of one before it.
  new Map(contracts.filter((one) => covers(one, month)).map((one) => [one.meter, one]));
