/** Sets where an account's notices go. */
import { CommandDialog } from '../../../doing/CommandDialog.tsx';
import { useLedgerQuery } from '../../../ledger/queries.ts';
import { useText } from '../../../messages/language.tsx';
import { TextField } from '../../../parts/Field.tsx';
import { accountCommandMessages } from './messages.ts';

const KINDS = ['email', 'phone', 'wechat'] as const;

export const SetContacts = ({ account }: { readonly account: string }) => {
  const text = useText(accountCommandMessages);
  const { data } = useLedgerQuery(['account', account, 'contacts'], ({ client, signal }) =>
    client.getAccountsContacts(account, { signal }),
  );
  if (!data) return null;
  return (
    <CommandDialog
      label={text.contacts}
      scope="operate"
      initial={{ email: data.email ?? '', phone: data.phone ?? '', wechat: data.wechat ?? '' }}
      fields={(values, change) =>
        KINDS.map((kind) => (
          <TextField
            key={kind}
            label={text[kind]}
            value={values[kind]}
            onChange={(value) => change({ [kind]: value })}
          />
        ))
      }
      send={(client, { email, phone, wechat }, ...sent) =>
        client.putAccountsContacts(
          account,
          { email: orNone(email), phone: orNone(phone), wechat: orNone(wechat) },
          ...sent,
        )
      }
      said={(contacts) => KINDS.map((kind) => ({ name: text[kind], value: contacts[kind] }))}
      final={text.contactsFinal}
    />
  );
};

const orNone = (text: string): string | null => (text.trim() === '' ? null : text.trim());
