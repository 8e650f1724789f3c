/**
 * Explains which packs paid for a line and in which order, and why the other packs of its product did not (rules.md,
 * sections 3 and 5), from the account that the close carried forward and the line's usage by day.
 */
import type { Pack } from '../../domain/account.ts';
import { instantText } from '../../domain/calendar.ts';
import { byDeduction, type DeductedBy, deductedBy } from '../../domain/pack-queue.ts';
import { coverage, leftAtEnd, type PackReason, type PacksOf, whyNot } from './pack-reasons.ts';

export interface PackExplained {
  readonly pack: string;
  readonly pool: string;
  readonly size: number;
  readonly edition: string;
  readonly purchasedAt: string;
  readonly expiresAt: string;
  /** Calls left at the end of the line's month. */
  readonly left: number;
  /** Calls of this line that it paid for. */
  readonly paid: number;
  /** Position among the packs that paid, in the order of deduction, from 1. */
  readonly place: number | null;
  readonly reason: PackReason;
  readonly why: string;
  /** Revisions of its purchase and, if any, of its voiding. */
  readonly events: readonly number[];
}

/** Limit on listed packs that did not pay, since an account may hold thousands. */
const OTHERS_MAX = 1_000;

export interface PacksExplained {
  readonly held: readonly PackExplained[];
  /** Number of packs that did not pay and are not listed. */
  readonly more: number;
}

/** The packs of the line's product: first those that paid, in the order of deduction. */
export const explainPacks = (of: PacksOf): PacksExplained => {
  const paidBy = (pack: Pack): number => of.usage.packs.get(pack.pack) ?? 0;
  const sorted = of.packs.toSorted(byDeduction);
  const paying = sorted.filter((pack) => paidBy(pack) > 0);
  const others = sorted.filter((pack) => paidBy(pack) <= 0);
  const coveredBy = coverage(of);
  return {
    held: [
      ...paying.map((pack, i) =>
        shown(pack, of, {
          paid: paidBy(pack),
          place: i + 1,
          reason: 'paid',
          why: placed(pack, paying[i - 1], paying[i + 1], of.units),
        }),
      ),
      ...others
        .slice(0, OTHERS_MAX)
        .map((pack) =>
          shown(pack, of, { paid: 0, place: null, ...whyNot(pack, paying, coveredBy(pack), of) }),
        ),
    ],
    more: Math.max(0, others.length - OTHERS_MAX),
  };
};

const shown = (
  pack: Pack,
  of: PacksOf,
  reasons: Pick<PackExplained, 'paid' | 'place' | 'reason' | 'why'>,
): PackExplained => {
  const life = of.lives.get(pack.pack);
  return {
    pack: pack.pack,
    pool: pack.pool,
    size: pack.size,
    edition: pack.edition,
    purchasedAt: instantText(pack.purchasedAt),
    expiresAt: instantText(pack.expiresAt),
    left: leftAtEnd(pack, of),
    ...reasons,
    events: [life?.bought, life?.voided?.revision].filter((revision) => typeof revision === 'number'),
  };
};

/** The sentence for the pack that is used first, by the criterion that decided. */
const SAID: Readonly<Record<DeductedBy, string>> = {
  expiry: 'expires first',
  purchase: 'expires with it and was bought first',
  size: 'was bought with it and is the smaller',
  id: 'was bought with it, is of its size and has the lower id',
};

const placed = (pack: Pack, before: Pack | undefined, after: Pack | undefined, units: string): string => {
  const parts = [
    ...(before ? [`after ${before.pack}, which ${SAID[deductedBy(before, pack)]}`] : []),
    ...(after ? [`before ${after.pack}: it ${SAID[deductedBy(pack, after)]}`] : []),
  ];
  return parts.length === 0 ? `no other pack paid for these ${units}` : parts.join('; ');
};
