/**
 * Packs that can still pay, granted ones too, of all accounts. Keys: `pool/POOL` and `expiry/DAY` (of expiry, in the billing zone), their
 * sums; `pack/ACCOUNT/PACK`, until it expires, is void or returned; `next/EXPIRY ACCOUNT/PACK`, those with calls left, the next to
 * expire first.
 */
import * as z from 'zod';
import { instantOf } from '../domain/calendar.ts';
import { packPointsOf } from '../domain/usage-sums.ts';
import type { Projection, Values } from './projection.ts';
import { wide } from './wide-count.ts';

const sumsView = z.strictObject({
  /** Packs with calls left, those of them that paid for nothing yet, and the calls left of all. */
  packs: z.int(),
  untouched: z.int(),
  calls: z.union([z.int(), z.string()]),
});
export type PackSums = Readonly<z.infer<typeof sumsView>>;

const packView = z.strictObject({
  account: z.string(),
  pack: z.string(),
  pool: z.string(),
  size: z.int(),
  left: z.int(),
  expiresAt: z.string(),
});
export type StockedPack = Readonly<z.infer<typeof packView>>;

const nextView = z.strictObject({ key: z.string() });

/** Rows under `pool/` and `expiry/`, under `pack/`, and under `next/`. */
export const stockSums = { name: 'pack-stock', schema: sumsView };
export const stockedPacks = { name: 'pack-stock', schema: packView };
export const nextToExpire = { name: 'pack-stock', schema: nextView };

export const NO_PACKS: PackSums = { packs: 0, untouched: 0, calls: 0 };

type Stock = PackSums | StockedPack | Readonly<z.infer<typeof nextView>>;

export const packStock: Projection<Stock> = {
  name: 'pack-stock',
  version: 1,
  schema: z.union([sumsView, packView, nextView]),
  project: ({ account, event }, values, calendar) => {
    const put = (before: StockedPack | null, after: StockedPack | null): void => {
      const of = after ?? before;
      if (!of) return;
      const key = `pack/${account}/${of.pack}`;
      if (after) values.set(key, after);
      else values.delete(key);
      const day = calendar.dayOf(instantOf(of.expiresAt));
      for (const sums of [`pool/${of.pool}`, `expiry/${day}`]) count(values, sums, before, after);
      const next = `next/${of.expiresAt} ${account}/${of.pack}`;
      const [was, is] = [(before?.left ?? 0) > 0, (after?.left ?? 0) > 0];
      if (is && !was) values.set(next, { key });
      if (was && !is) values.delete(next);
    };
    const known = (pack: string): StockedPack | null =>
      (values.get(`pack/${account}/${pack}`) as StockedPack | undefined) ?? null;
    if (event.type === 'PackPurchased') {
      const { packs, pool, size, expiresAt } = event.data;
      for (const pack of packs) put(null, { account, pack, pool, size, left: size, expiresAt });
      return;
    }
    if (event.type === 'PackGranted') {
      const { pack, pool, size, expiresAt } = event.data;
      return put(null, { account, pack, pool, size, left: size, expiresAt });
    }
    if (event.type === 'PackExpired' || event.type === 'PackVoided' || event.type === 'PackReturned')
      return put(known(event.data.pack), null);
    for (const [pack, points] of packPointsOf(event)) {
      const before = known(pack);
      // A record of before its expiry may still use a pack that has expired: it is in stock no more.
      if (before) put(before, { ...before, left: before.left - points });
    }
  },
};

const count = (
  values: Values<Stock>,
  key: string,
  before: StockedPack | null,
  after: StockedPack | null,
): void => {
  const sums = (values.get(key) as PackSums | undefined) ?? NO_PACKS;
  const by = (of: (pack: StockedPack) => boolean): number =>
    Number(after !== null && of(after)) - Number(before !== null && of(before));
  values.set(key, {
    packs: sums.packs + by(({ left }) => left > 0),
    untouched: sums.untouched + by(({ left, size }) => left === size),
    calls: wide(sums.calls, (after?.left ?? 0) - (before?.left ?? 0)),
  });
};
