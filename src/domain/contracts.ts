/** Contract prices (rules.md, section 6): which one applies in a month. */
import type { Account, Contract } from './account.ts';
import type { Month } from './calendar.ts';

const covers = ({ from, until }: Contract, month: Month): boolean =>
  from <= month && (until === null || month < until);

/** The contract that applies in a month, by meter: the one agreed last. */
export const contractsIn = (
  { contracts }: Pick<Account, 'contracts'>,
  month: Month,
): ReadonlyMap<string, Contract> =>
  // Contracts are in the order of agreement, so a later one overwrites an earlier one.
  new Map(contracts.filter((one) => covers(one, month)).map((one) => [one.meter, one]));
