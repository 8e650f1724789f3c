/** How events change the packs of an account. */
import type { Account, Pack } from './account.ts';
import { instantOf } from './calendar.ts';
import type { EventOf } from './events.ts';
import { minus, ZERO } from './money.ts';

/** The account with the packs that it bought, and without their price; the pool's notices are armed again. */
export const purchased = (account: Account, { at, data }: EventOf<'PackPurchased'>): Account => {
  const { product, edition, pool, size, price } = data;
  const expiresAt = instantOf(data.expiresAt);
  const packs = data.packs.map(
    (pack): Pack => ({
      pack,
      product,
      edition,
      pool,
      size,
      price,
      purchasedAt: at,
      expiresAt,
      left: size,
      void: false,
    }),
  );
  const total = data.packs.reduce((rest) => minus(rest, price), account.total);
  const { [pool]: _rearmed, ...others } = account.told;
  return { ...account, total, packs: [...account.packs, ...packs], told: others };
};

/** The account with a pack that it was given. */
export const granted = (account: Account, { at, data }: EventOf<'PackGranted'>): Account => {
  const { pack: id, product, edition, pool, size, expiresAt } = data;
  const pack: Pack = {
    pack: id,
    product,
    edition,
    pool,
    size,
    price: ZERO,
    purchasedAt: at,
    expiresAt: instantOf(expiresAt),
    left: size,
    void: false,
    granted: true,
  };
  return { ...account, packs: [...account.packs, pack] };
};

/** The account with one of its packs changed. */
export const withPack = (account: Account, id: string, change: (pack: Pack) => Pack): Account => ({
  ...account,
  packs: account.packs.map((pack) => (pack.pack === id ? change(pack) : pack)),
});

/** The account with a pack that was returned; its price is paid in apart. */
export const returned = (account: Account, { at, data }: EventOf<'PackReturned'>): Account =>
  withPack(account, data.pack, (pack) => ({ ...pack, left: 0, void: true, returned: at }));
