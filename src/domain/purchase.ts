/** Buying packs (rules.md, section 5). There are no exchanges or pauses, hence no commands for them. */

import { type Account, activatedAt, available } from './account.ts';
import { hasPackRoom, livingPackCalls, SUM_MAX, tooLarge } from './bounds.ts';
import { instantText } from './calendar.ts';
import { indexOf, inForce, poolsOf, productOf } from './catalogue.ts';
import { EXPIRING_MAX, expiringAt } from './close-size.ts';
import type { DecisionContext } from './context.ts';
import { accept, type Decision, refuse } from './decision.ts';
import { type AccountEvent, event } from './events.ts';
import { covers, times } from './money.ts';
import { expiryOf, packId } from './pack-expiry.ts';
import { suggestion } from './suggest.ts';

export interface Purchase {
  readonly pool: string;
  readonly size: number;
  readonly quantity: number;
}

/** Sizes that a refusal lists. */
const SIZES_SHOWN = 20;

/** Buys packs of the edition in force, paid from the available balance and valid as long as they say. */
export const buyPacks = (
  account: Account,
  { pool, size, quantity }: Purchase,
  { at, calendar, catalogue, again }: DecisionContext,
): Decision<AccountEvent> => {
  const product = productOf(pool);
  const edition = inForce(catalogue, product, calendar.monthOf(at));
  const offered = edition && indexOf(edition.book).pools.get(pool);
  if (!offered) {
    const { asked, meant } = suggestion(pool, poolsOf(catalogue, product));
    return refuse('pool_unknown', `no price book in force has the pool ${pool}${asked}`, { pool, ...meant });
  }
  const sold = offered.packs.find((pack) => pack.size === size);
  if (!sold) {
    const sizes =
      offered.packs
        .slice(0, SIZES_SHOWN)
        .map((pack) => pack.size)
        .join(', ') || 'none';
    const detail = `no pack of ${size} calls is sold for ${pool}; sold are ${sizes}`;
    return refuse('pack_not_sold', detail, { pool, size });
  }
  if (activatedAt(account, product) === undefined) {
    return refuse('not_activated', `${product} is not activated for this account`, { product });
  }
  if (!again && !hasPackRoom(account, at, size, quantity)) {
    const most = Math.floor((SUM_MAX - livingPackCalls(account, at)) / size);
    return tooLarge('quantity', `the packs would hold more than ${SUM_MAX} calls together`, most);
  }
  const expiresAt = expiryOf(sold, at, calendar);
  const most = EXPIRING_MAX - expiringAt(account, expiresAt);
  if (!again && quantity > most)
    return tooLarge('quantity', `at most ${EXPIRING_MAX} packs may expire at one instant`, most);
  const price = times(sold.price, 1);
  const cost = times(price, quantity);
  if (!covers(available(account), cost)) {
    return refuse('insufficient_funds', `${cost} yuan are needed, ${available(account)} are available`, {
      needed: cost,
      available: available(account),
    });
  }
  return accept(
    event('PackPurchased', at, {
      catalogue: catalogue.published.length,
      product,
      edition: edition.book.edition,
      pool,
      size,
      price,
      packs: Array.from({ length: quantity }, (_, i) => packId(account.packs.length + i)),
      expiresAt: instantText(expiresAt),
    }),
  );
};
