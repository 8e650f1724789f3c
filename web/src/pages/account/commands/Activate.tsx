/** Activates a product that the account does not have. */
import type { PriceBook } from '../../../../../client/suanpan.ts';
import { CommandDialog } from '../../../doing/CommandDialog.tsx';
import { useInstants } from '../../../format/format.ts';
import { useLanguage, useText } from '../../../messages/language.tsx';
import { SelectField } from '../../../parts/Field.tsx';
import { accountCommandMessages } from './messages.ts';

interface ActivateProps {
  readonly account: string;
  /** In force now, of products that the account does not have. */
  readonly books: readonly PriceBook[];
}

export const Activate = ({ account, books }: ActivateProps) => {
  const text = useText(accountCommandMessages);
  const { language } = useLanguage();
  const { instant } = useInstants();
  return (
    <CommandDialog
      label={text.activate}
      scope="operate"
      isOffered={books.length > 0}
      initial={{ product: books[0]?.product ?? '' }}
      fields={({ product }, change) => (
        <SelectField
          label={text.product}
          value={product}
          options={books.map(({ product: value, name }) => ({
            value,
            label: `${name[language]} (${value})`,
          }))}
          onChange={(value) => change({ product: value })}
        />
      )}
      send={(client, values, ...sent) => client.postAccountsServices(account, values, ...sent)}
      said={({ product, activatedAt }) => [
        { name: text.product, value: product },
        { name: text.activatedAt, value: instant(activatedAt) },
      ]}
      final={text.activateFinal}
    />
  );
};
