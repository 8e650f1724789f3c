/** Agrees a contract price: the tiers of the price book in force, with other prices or at a discount, from a month on. */
import type { PriceBook } from '../../../../../client/suanpan.ts';
import { CommandDialog } from '../../../doing/CommandDialog.tsx';
import { counted, useInstants, yuan } from '../../../format/format.ts';
import { useLanguage, useText } from '../../../messages/language.tsx';
import { SelectField, TextField } from '../../../parts/Field.tsx';
import { accountCommandMessages } from './messages.ts';

type Meter = PriceBook['meters'][number];
type Tier = Meter['ladder']['tiers'][number];

interface AgreePriceProps {
  readonly account: string;
  /** In force now, of the account's products. */
  readonly books: readonly PriceBook[];
  /** The month that it is to begin with, where one is known. */
  readonly from?: string;
  /** Names the button of a row. */
  readonly about?: string;
}

const MONTH = '[0-9]{4}-[0-9]{2}';

const priced = ({ id, ladder }: Meter) => ({
  meter: id,
  prices: ladder.tiers.map(({ unitPrice }) => unitPrice ?? ''),
});

export const AgreePrice = ({ account, books, from: begin = '', about }: AgreePriceProps) => {
  const text = useText(accountCommandMessages);
  const { language } = useLanguage();
  const { month } = useInstants();
  const meters = books.flatMap((book) => book.meters);
  const [first] = meters;
  if (!first) return null;
  const meterOf = (id: string): Meter => meters.find((meter) => meter.id === id) ?? first;
  return (
    <CommandDialog
      label={text.agree}
      {...(about === undefined ? {} : { about })}
      scope="operate"
      initial={{ ...priced(first), from: begin, until: '', discount: '' }}
      fields={({ meter, from, until, prices, discount }, change) => (
        <>
          <SelectField
            label={text.meter}
            value={meter}
            options={meters.map(({ id, name }) => ({ value: id, label: `${name[language]} (${id})` }))}
            onChange={(id) => change(priced(meterOf(id)))}
          />
          <TextField
            {...{ label: text.from, hint: text.monthHint, pattern: MONTH, value: from }}
            onChange={(value) => change({ from: value.trim() })}
            isRequired
          />
          <TextField
            {...{ label: text.until, hint: text.monthHint, pattern: MONTH, value: until }}
            onChange={(value) => change({ until: value.trim() })}
          />
          <TextField
            {...{ label: text.discount, hint: text.discountHint, inputMode: 'decimal', value: discount }}
            onChange={(value) => change({ discount: value.trim() })}
          />
          {(discount === '' ? meterOf(meter).ladder.tiers : []).map((tier, i) => (
            <TextField
              key={tier.above}
              label={text.tierPrice(spanOf(tier), counted(meterOf(meter).ladder.per))}
              inputMode="decimal"
              value={prices[i] ?? ''}
              onChange={(price) => change({ prices: prices.with(i, price.trim()) })}
              isRequired
            />
          ))}
        </>
      )}
      send={(client, { meter, from, until, prices, discount }, ...sent) => {
        const { ladder } = meterOf(meter);
        const tiers = ladder.tiers.map((tier, i) => ({ ...tier, unitPrice: prices[i] ?? '' }));
        const terms = discount === '' ? { ladder: { ...ladder, tiers } } : { discount };
        const body = { meter, from, until: until === '' ? null : until, ...terms };
        return client.postAccountsContractPrices(account, body, ...sent);
      }}
      said={(agreed) => [
        { name: text.meter, value: agreed.meter },
        { name: text.from, value: month(agreed.from) },
        { name: text.until, value: agreed.until && month(agreed.until) },
        ...(agreed.discount === undefined ? [] : [{ name: text.discount, value: agreed.discount }]),
        ...(agreed.ladder?.tiers ?? []).map((tier) => ({
          name: text.tierPrice(spanOf(tier), counted(agreed.ladder?.per ?? 1)),
          value: yuan(tier.unitPrice),
        })),
      ]}
      final={text.agreeFinal}
    />
  );
};

/** `1,000,000 – 3,000,000`; the last tier has no end. */
const spanOf = ({ above, upTo }: Tier): string =>
  `${counted(above)} – ${upTo === null ? '∞' : counted(upTo)}`;
