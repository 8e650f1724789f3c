/**
 * The stored form of packs in a close and a snapshot: packs of one purchase share their common fields, so that an
 * account with thousands of packs still closes within one append.
 */
import * as z from 'zod';
import type { Pack } from '../domain/account.ts';
import { count, money } from './stored-bill.ts';

const common = {
  product: z.string(),
  edition: z.string(),
  pool: z.string(),
  size: count,
  price: money,
  purchasedAt: z.int(),
  expiresAt: z.int(),
  void: z.boolean(),
  granted: z.literal(true).exactOptional(),
  returned: z.int().exactOptional(),
};

/** A pack with all its fields. */
export const fullPack = z.object({ pack: z.string(), left: count, ...common }) satisfies z.ZodType<Pack>;

/** Packs that differ only in id and in calls left: `[id, left]` each, in the order of the account. */
const lot = z.object({ ...common, packs: z.array(z.tuple([z.string(), count])) });
export type Lot = z.infer<typeof lot>;

export const storedLots = z.array(lot).transform((lots) => lots.flatMap(packsOf));

const packsOf = ({ packs, ...rest }: Lot): Pack[] => packs.map(([pack, left]) => ({ pack, left, ...rest }));

/** Groups adjacent packs with equal common fields into lots; the order is kept. */
export const lotsOf = (packs: readonly Pack[]): Lot[] => {
  const lots: { kind: string; lot: Lot }[] = [];
  for (const { pack, left, ...rest } of packs) {
    const {
      product,
      edition,
      pool,
      size,
      price,
      purchasedAt,
      expiresAt,
      void: isVoid,
      granted,
      returned,
    } = rest;
    const kind = JSON.stringify([
      product,
      edition,
      pool,
      size,
      price,
      purchasedAt,
      expiresAt,
      isVoid,
      granted,
      returned,
    ]);
    const last = lots.at(-1);
    if (last?.kind === kind) last.lot.packs.push([pack, left]);
    else lots.push({ kind, lot: { ...rest, packs: [[pack, left]] } });
  }
  return lots.map((one) => one.lot);
};
