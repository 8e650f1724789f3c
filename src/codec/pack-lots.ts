/**
 * Packs as a close and a snapshot store them: those of one purchase share what they have in common. An account with
 * thousands of packs still closes within one append.
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
};

/** A pack with everything that is its own. */
export const fullPack = z.object({ pack: z.string(), left: count, ...common }) satisfies z.ZodType<Pack>;

/** Packs that differ only in id and in calls left: `[id, left]` each, in the order of the account. */
const lot = z.object({ ...common, packs: z.array(z.tuple([z.string(), count])) });
export type Lot = z.infer<typeof lot>;

export const storedLots = z.array(lot).transform((lots) => lots.flatMap(packsOf));

const packsOf = ({ packs, ...rest }: Lot): Pack[] => packs.map(([pack, left]) => ({ pack, left, ...rest }));

/** Packs in lots; neighbours of one kind share a lot, so that their order stays. */
export const lotsOf = (packs: readonly Pack[]): Lot[] => {
  const lots: { kind: string; lot: Lot }[] = [];
  for (const { pack, left, ...rest } of packs) {
    const { product, edition, pool, size, price, purchasedAt, expiresAt, void: isVoid } = rest;
    const kind = JSON.stringify([product, edition, pool, size, price, purchasedAt, expiresAt, isVoid]);
    const last = lots.at(-1);
    if (last?.kind === kind) last.lot.packs.push([pack, left]);
    else lots.push({ kind, lot: { ...rest, packs: [[pack, left]] } });
  }
  return lots.map((one) => one.lot);
};
