/**
 * Whether a call may be made now, and who would pay for a unit of it (interface.md, entitlements; price-books.md for
 * interfaces with several quantities). What a call would cost is known once it has been made.
 */
import { type Account, activatedAt, isPostPaidOff, openSuspensions } from './account.ts';
import { granted, usedFree } from './allowance.ts';
import type { Instant } from './calendar.ts';
import type { Charging, Part } from './charging.ts';
import type { BillingContext } from './context.ts';
import { classWeights } from './pack-supply.ts';
import { type Charge, placeOf } from './payers.ts';
import { isSpent } from './spend.ts';

export type Payer = 'free' | 'pack' | 'post_paid';

/** Who would pay for the next unit of a part; null: nobody, so that the call is not allowed. */
export interface PartEntitlement {
  readonly measure: string | null;
  readonly payer: Payer | null;
  /** In points, where the pool has weights. */
  readonly remaining: { readonly free: number; readonly packs: number };
}

export interface Entitlement {
  readonly allowed: boolean;
  readonly reasons: readonly string[];
  readonly parts: readonly PartEntitlement[];
}

/** The entitlement of an interface at an instant; of one with classes, by the last of them, which has no condition. */
export const entitlementOf = (
  account: Account,
  charge: Charge,
  now: Instant,
  context: BillingContext,
): Entitlement => {
  const { product } = charge.book;
  const parts = lastClass(charge.charging).map((part) => ofPart(account, charge, part, now, context));
  const reasons: string[] = openSuspensions(account).map(({ reason }) => reason);
  if (activatedAt(account, product) === undefined) reasons.push('not_activated');
  if (parts.some(({ payer }) => payer === null)) reasons.push('post_paid_off');
  if (account.limits && parts.some(({ payer }) => payer === 'post_paid') && isSpent(account, now, context))
    reasons.push('spend_limit');
  return { allowed: reasons.length === 0, reasons, parts };
};

const lastClass = ({ classes }: Charging): readonly Part[] => classes.at(-1)?.parts ?? [];

const ofPart = (
  account: Account,
  charge: Charge,
  part: Part,
  now: Instant,
  { calendar, catalogue }: BillingContext,
): PartEntitlement => {
  const { measure, meter, pool, weight } = part;
  const { book, month } = charge;
  if (meter === null) return { measure, payer: 'free', remaining: { free: 0, packs: 0 } };
  const place = placeOf({ charge, part, day: calendar.dayOf(now) }, meter);
  const free =
    pool === null
      ? 0
      : Math.max(0, granted(account, calendar, book, month, pool) - usedFree(account.months[month], place));
  const id = charge.charging.interface.id;
  const usable = account.packs.flatMap((pack) => {
    const own = classWeights(catalogue, pack, id, measure).at(-1)?.weight ?? 0;
    const isLiving = !pack.void && pack.purchasedAt <= now && now < pack.expiresAt;
    return isLiving && own > 0 ? [{ left: pack.left, weight: own }] : [];
  });
  const packs = usable.reduce((sum, { left }) => sum + left, 0);
  const otherwise = isPostPaidOff(account, book.product, now) ? null : 'post_paid';
  const byPack = usable.some(({ left, weight: own }) => left >= own) ? 'pack' : otherwise;
  return { measure, payer: free >= weight ? 'free' : byPack, remaining: { free, packs } };
};
