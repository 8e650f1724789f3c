/** An account and its packs as they are shown outside (interface.md). */
import { type Account, available, openSuspensions, type Pack, postPaidOff } from '../../domain/account.ts';
import { type Instant, instantText } from '../../domain/calendar.ts';
import { EditionBroken } from '../../domain/catalogue.ts';
import type { BillingContext } from '../../domain/context.ts';
import { packState } from '../../domain/pack-state.ts';
import { returnableUntil } from '../../domain/return-pack.ts';
import type { EventStore } from '../../eventstore/event-store.ts';
import { holderName } from '../system/account-holder.ts';

/** An account as interface.md shows it. */
export const accountView = async (store: EventStore, account: Account) => {
  const suspensions = openSuspensions(account).map(({ reason, since }) => ({
    reason,
    since: instantText(since),
  }));
  const off = postPaidOff(account);
  return {
    account: account.account,
    name: (await holderName(store, account.account)) ?? '',
    openedAt: instantText(account.openedAt),
    status: suspensions.length > 0 ? 'suspended' : 'active',
    suspensions,
    balance: { total: account.total, available: available(account), frozen: account.frozen },
    services: Object.keys(account.services).sort(),
    ...(off.length > 0 ? { postPaidOff: off } : {}),
  };
};

/** A pack as interface.md shows it. */
export const packView = (pack: Pack, now: Instant) => {
  const state = packState(pack, now);
  return {
    pack: pack.pack,
    pool: pack.pool,
    size: pack.size,
    remaining: state === 'usable' ? pack.left : 0,
    forfeited: state === 'expired' ? pack.left : 0,
    price: pack.price,
    purchasedAt: instantText(pack.purchasedAt),
    expiresAt: instantText(pack.expiresAt),
    state,
    ...(pack.granted ? { granted: true as const } : {}),
    ...(pack.returned === undefined ? {} : { returnedAt: instantText(pack.returned) }),
  };
};

/** The same, and until when it can be returned for its price, where it can now. */
export const packViewNow = (pack: Pack, now: Instant, context: BillingContext) => {
  const until = unlessBroken(() => returnableUntil(pack, now, context));
  return { ...packView(pack, now), ...(until === null ? {} : { returnableUntil: instantText(until) }) };
};

/** A list of packs is shown whatever became of a price book. */
const unlessBroken = <T>(work: () => T): T | null => {
  try {
    return work();
  } catch (error) {
    if (error instanceof EditionBroken) return null;
    throw error;
  }
};
