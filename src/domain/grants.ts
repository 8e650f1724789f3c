/** The packs that an edition gives at the first activation of its product (rules.md, section 5). */
import type { Account } from './account.ts';
import { livingPackCalls, SUM_MAX, tooLarge } from './bounds.ts';
import { instantText } from './calendar.ts';
import { EXPIRING_MAX, expiringAt } from './close-size.ts';
import type { DecisionContext } from './context.ts';
import type { Refused } from './decision.ts';
import { type EventOf, event } from './events.ts';
import { expiryOf, packId } from './pack-expiry.ts';
import type { PriceBook } from './price-book.ts';

/** The grants of a book, in its order; empty where it has none. */
export const grantsOf = (
  account: Account,
  { product, edition, grants = [] }: PriceBook,
  { at, calendar }: DecisionContext,
): readonly EventOf<'PackGranted'>[] =>
  grants.map(({ pool, size, ...terms }, i) =>
    event('PackGranted', at, {
      product,
      edition,
      pool,
      size,
      pack: packId(account.packs.length + i),
      expiresAt: instantText(expiryOf(terms, at, calendar)),
    }),
  );

/** The refusal of grants with which an account would hold too much; null where there is room, and in a replay. */
export const grantsTooLarge = (
  account: Account,
  { grants = [] }: PriceBook,
  { at, calendar, again }: DecisionContext,
): Refused | null => {
  if (again || grants.length === 0) return null;
  const size = grants.reduce((sum, grant) => sum + grant.size, 0);
  if (size > SUM_MAX - livingPackCalls(account, at))
    return tooLarge('product', `with its grants, the packs would hold more than ${SUM_MAX} units`, SUM_MAX);
  const crowded = grants.some(
    (grant) => expiringAt(account, expiryOf(grant, at, calendar)) + grants.length > EXPIRING_MAX,
  );
  return crowded
    ? tooLarge(
        'product',
        `with its grants, more than ${EXPIRING_MAX} packs would expire at once`,
        EXPIRING_MAX,
      )
    : null;
};
