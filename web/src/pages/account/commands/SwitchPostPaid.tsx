/** Switches whether what neither free units nor packs pay is post-paid, or waived. */
import type { PriceBook } from '../../../../../client/suanpan.ts';
import { CommandDialog } from '../../../doing/CommandDialog.tsx';
import { useLanguage, useText } from '../../../messages/language.tsx';
import { SelectField } from '../../../parts/Field.tsx';
import { accountCommandMessages } from './messages.ts';

interface SwitchPostPaidProps {
  readonly account: string;
  /** In force now, of the account's products. */
  readonly books: readonly PriceBook[];
  /** The products that are not post-paid now. */
  readonly off: readonly string[];
}

const STATES = ['on', 'off'] as const;
type State = (typeof STATES)[number];

export const SwitchPostPaid = ({ account, books, off }: SwitchPostPaidProps) => {
  const text = useText(accountCommandMessages);
  const { language } = useLanguage();
  const other = (product: string): State => (off.includes(product) ? 'on' : 'off');
  const [first] = books;
  if (!first) return null;
  return (
    <CommandDialog
      label={text.postPaid}
      scope="operate"
      initial={{ product: first.product, postPaid: other(first.product) }}
      fields={({ product, postPaid }, change) => (
        <>
          <SelectField
            label={text.product}
            value={product}
            options={books.map(({ product: value, name }) => ({
              value,
              label: `${name[language]} (${value})`,
            }))}
            onChange={(value) => change({ product: value, postPaid: other(value) })}
          />
          <SelectField
            label={text.unpaid}
            value={postPaid}
            options={STATES.map((value) => ({ value, label: text[value] }))}
            onChange={(value) => change({ postPaid: value === 'on' ? 'on' : 'off' })}
          />
        </>
      )}
      send={(client, { product, postPaid }, ...sent) =>
        client.putAccountsServicesOne(account, product, { postPaid }, ...sent)
      }
      said={({ product, postPaid }) => [
        { name: text.product, value: product },
        { name: text.unpaid, value: text[postPaid] },
      ]}
      final={text.postPaidFinal}
    />
  );
};
