/**
 * Packs by pool, of all accounts and of each, without those granted or returned: what was sold, used, forfeited, voided; the rest is unused. Keys: `sum/POOL`;
 * `of/POOL␁ACCOUNT`, which add up to it; `pack/ACCOUNT/PACK`, of which pool a pack is and how it ended.
 */
import * as z from 'zod';
import { productOf } from '../domain/catalogue.ts';
import { negated, plus, times, ZERO } from '../domain/money.ts';
import { packPointsOf } from '../domain/usage-sums.ts';
import { MARK } from './mark.ts';
import type { Projection, Values } from './projection.ts';
import { wide } from './wide-count.ts';

const wideCount = z.union([z.int(), z.string()]);
const parts = {
  product: z.string(),
  packs: z.int(),
  paid: z.string(),
  /** Calls. Sums over all accounts may be beyond 2^53 − 1, as decimal text. */
  sold: wideCount,
  used: wideCount,
  forfeited: wideCount,
  voided: wideCount,
};
const held = z.strictObject({ account: z.string().nullable(), ...parts });
/** `account` is null in a pool's sums. */
export type PoolPacks = Readonly<z.infer<typeof held>>;
const pack = z.strictObject({
  pool: z.string(),
  product: z.string(),
  end: z.enum(['expired', 'void']).nullable(),
});
type PackView = Readonly<z.infer<typeof pack>>;

/** Rows under `sum/` and under `of/…`. */
export const poolRows = { name: 'pool-packs', schema: held };

export const POOL_SUMS = 'sum/';
export const poolPrefix = (pool: string): string => `of/${pool}${MARK}`;

export const poolPacks: Projection<PoolPacks | PackView> = {
  name: 'pool-packs',
  version: 1,
  schema: z.union([held, pack]),
  project: ({ account, event }, values) => {
    if (event.type === 'PackPurchased') {
      const { pool, product, packs, size, price } = event.data;
      for (const id of packs) values.set(packKey(account, id), { pool, product, end: null });
      const paid = times(price, packs.length);
      return change(
        values,
        account,
        { pool, product },
        { packs: packs.length, paid, sold: size * packs.length },
      );
    }
    if (event.type === 'PackReturned') {
      const { pool, size, price } = event.data;
      const back = { packs: -1, paid: negated(price), sold: -size };
      return change(values, account, { pool, product: productOf(pool) }, back);
    }
    for (const [id, calls] of packPointsOf(event)) {
      const own = packAt(values, account, id);
      if (!own) continue;
      // What an expired or void pack gets back, or still pays, changes what it forfeited.
      const ended = own.end === null ? {} : own.end === 'void' ? { voided: -calls } : { forfeited: -calls };
      change(values, account, own, { used: calls, ...ended });
    }
    if (event.type === 'PackExpired') end(values, account, event.data.pack, 'expired', event.data.forfeited);
    if (event.type === 'PackVoided') end(values, account, event.data.pack, 'void', event.data.voided);
  },
};

const packKey = (account: string, id: string): string => `pack/${account}/${id}`;
const packAt = (values: Values<PoolPacks | PackView>, account: string, id: string) =>
  values.get(packKey(account, id)) as PackView | undefined;

/** A pack that expired may be voided later: what it had forfeited is void then. */
const end = (
  values: Values<PoolPacks | PackView>,
  account: string,
  id: string,
  how: 'expired' | 'void',
  calls: number,
): void => {
  const own = packAt(values, account, id);
  if (!own || own.end === 'void' || own.end === how) return;
  values.set(packKey(account, id), { ...own, end: how });
  const forfeited = how === 'expired' ? calls : own.end === 'expired' ? -calls : 0;
  change(values, account, own, { forfeited, voided: how === 'void' ? calls : 0 });
};

interface Change {
  readonly packs?: number;
  readonly paid?: string;
  readonly sold?: number;
  readonly used?: number;
  readonly forfeited?: number;
  readonly voided?: number;
}

/** Changes an account's part and the pool's sums alike. */
const change = (
  values: Values<PoolPacks | PackView>,
  account: string,
  { pool, product }: Pick<PackView, 'pool' | 'product'>,
  by: Change,
): void => {
  for (const [key, of] of [
    [`${poolPrefix(pool)}${account}`, account],
    [`${POOL_SUMS}${pool}`, null],
  ] as const) {
    const before = (values.get(key) as PoolPacks | undefined) ?? nothing(of, product);
    values.set(key, {
      ...before,
      packs: before.packs + (by.packs ?? 0),
      paid: plus(before.paid, by.paid ?? ZERO),
      sold: wide(before.sold, by.sold ?? 0),
      used: wide(before.used, by.used ?? 0),
      forfeited: wide(before.forfeited, by.forfeited ?? 0),
      voided: wide(before.voided, by.voided ?? 0),
    });
  }
};

const nothing = (account: string | null, product: string): PoolPacks => ({
  ...{ account, product, packs: 0, paid: ZERO },
  ...{ sold: 0, used: 0, forfeited: 0, voided: 0 },
});

/** Calls that packs still have. */
export const unusedOf = ({ sold, used, forfeited, voided }: PoolPacks): number | string => {
  const unused = BigInt(sold) - BigInt(used) - BigInt(forfeited) - BigInt(voided);
  return Number.isSafeInteger(Number(unused)) ? Number(unused) : unused.toString();
};
