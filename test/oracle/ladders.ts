/** What a ladder makes of a month's calls (sections 2, 6). */
import type { Ladder, Tier } from '../../src/domain/price-book.ts';
import { decimal, priceOf } from './amounts.ts';
import type { OracleBand } from './life.ts';

export interface Calls {
  readonly metered: number;
  readonly free: number;
  readonly packs: number;
  readonly postPaid: number;
}
export interface Cost {
  readonly tier: Tier | null;
  readonly bands: readonly OracleBand[] | null;
  /** Of the post-paid calls. */
  readonly exact: bigint;
  /** Of the free calls, should they be granted as a voucher. */
  readonly freeCost: bigint;
}

/** The quantity that chooses the tier; calls paid by packs count only where everything metered does. */
export function choosing(ladder: Ladder, calls: Calls): number {
  if (ladder.tierBy === 'post_paid') return calls.postPaid;
  if (ladder.tierBy === 'post_paid_and_free') return calls.postPaid + calls.free;
  return calls.metered;
}

function reached(ladder: Ladder, quantity: number): Tier | null {
  for (const tier of ladder.tiers) {
    const end = tier.upTo ?? Number.POSITIVE_INFINITY;
    const inside =
      ladder.bounds === 'upper'
        ? tier.above < quantity && quantity <= end
        : tier.above <= quantity && quantity < end;
    if (inside) return tier;
  }
  return null;
}

function volume(ladder: Ladder, calls: Calls): Cost | 'unpriced' {
  const tier = reached(ladder, choosing(ladder, calls));
  if (tier === null) return { tier, bands: null, exact: 0n, freeCost: 0n };
  // Nothing post-paid costs nothing, whatever the tier (section 6).
  if (tier.unitPrice === null)
    return calls.postPaid > 0 ? 'unpriced' : { tier, bands: null, exact: 0n, freeCost: 0n };
  const exact = priceOf(calls.postPaid, tier.unitPrice, ladder.per);
  return { tier, bands: null, exact, freeCost: priceOf(calls.free, tier.unitPrice, ladder.per) };
}

/** The calls from..to of a quantity laid along the tiers from zero. */
function stretch(ladder: Ladder, from: number, to: number): { tier: Tier; quantity: number }[] {
  return ladder.tiers
    .map((tier) => ({
      tier,
      quantity: Math.min(to, tier.upTo ?? to) - Math.max(from, tier.above),
    }))
    .filter((part) => part.quantity > 0);
}

function graduated(ladder: Ladder, calls: Calls): Cost | 'unpriced' {
  const end = choosing(ladder, calls);
  const bands: OracleBand[] = [];
  let exact = 0n;
  for (const { tier, quantity } of stretch(ladder, end - calls.postPaid, end)) {
    if (tier.unitPrice === null) return 'unpriced';
    const cost = priceOf(quantity, tier.unitPrice, ladder.per);
    exact += cost;
    const { above, upTo, unitPrice } = tier;
    bands.push({ above, upTo, quantity, unitPrice, amount: decimal(cost) });
  }
  let freeCost = 0n;
  for (const { tier, quantity } of stretch(ladder, 0, calls.free)) {
    freeCost += priceOf(quantity, tier.unitPrice ?? '0', ladder.per);
  }
  return { tier: null, bands, exact, freeCost };
}

export function costOf(ladder: Ladder, calls: Calls): Cost | 'unpriced' {
  return ladder.mode === 'volume' ? volume(ladder, calls) : graduated(ladder, calls);
}
