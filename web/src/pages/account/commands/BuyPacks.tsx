/** Buys packs: pool and size from the price books in force of the account's products. */
import type { PriceBook } from '../../../../../client/suanpan.ts';
import { CommandDialog } from '../../../doing/CommandDialog.tsx';
import { counted, useInstants, yuan } from '../../../format/format.ts';
import { unitOf } from '../../../ledger/charging.ts';
import { useLanguage, useText } from '../../../messages/language.tsx';
import { SelectField, TextField } from '../../../parts/Field.tsx';
import { accountCommandMessages } from './messages.ts';

interface BuyPacksProps {
  readonly account: string;
  /** In force now, of the account's products. */
  readonly books: readonly PriceBook[];
}

export const BuyPacks = ({ account, books }: BuyPacksProps) => {
  const text = useText(accountCommandMessages);
  const { language } = useLanguage();
  const { instant } = useInstants();
  const offers = offersOf(books);
  const options = offers.map(({ value, pool, unit, size, price }) => ({
    value,
    label: text.packOption(pool[language], counted(size), unit[language], yuan(price)),
  }));
  const [first] = offers;
  if (!first) return null;
  return (
    <CommandDialog
      label={text.buy}
      scope="operate"
      initial={{ offer: first.value, quantity: '1' }}
      fields={({ offer, quantity }, change) => (
        <>
          <SelectField
            label={text.pack}
            value={offer}
            options={options}
            onChange={(value) => change({ offer: value })}
          />
          <TextField
            label={text.quantity}
            inputMode="numeric"
            pattern="[1-9][0-9]{0,3}"
            value={quantity}
            onChange={(value) => change({ quantity: value.trim() })}
            isRequired
          />
        </>
      )}
      send={(client, { offer, quantity }, ...sent) => {
        const { id, size } = offers.find(({ value }) => value === offer) ?? first;
        return client.postAccountsPacks(account, { pool: id, size, quantity: Number(quantity) }, ...sent);
      }}
      said={({ packs }) => {
        const [pack] = packs;
        return [
          { name: text.packs, value: counted(packs.length) },
          { name: text.pool, value: pack?.pool },
          { name: text.size, value: pack && counted(pack.size) },
          { name: text.price, value: pack && yuan(pack.price) },
          { name: text.expires, value: pack && instant(pack.expiresAt) },
        ];
      }}
      final={text.buyFinal}
    />
  );
};

const offersOf = (books: readonly PriceBook[]) =>
  books.flatMap(({ pools, interfaces }) =>
    pools.flatMap(({ id, name, packs }) =>
      packs.map(({ size, price }) => ({
        ...{ value: `${id} ${size}`, id, size, price, pool: name },
        unit: unitOf({ interfaces }, id) ?? { zh: '', en: '' },
      })),
    ),
  );
