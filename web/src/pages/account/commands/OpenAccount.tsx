/** Opens an account. */
import { CommandDialog } from '../../../doing/CommandDialog.tsx';
import { useText } from '../../../messages/language.tsx';
import { TextField } from '../../../parts/Field.tsx';
import { useSession } from '../../../session/session.tsx';
import { accountCommandMessages } from './messages.ts';

export const OpenAccount = () => {
  const text = useText(accountCommandMessages);
  const { accounts } = useSession();
  // A key bound to accounts opens no others.
  if (accounts !== null) return null;
  return (
    <CommandDialog
      label={text.openAccount}
      scope="operate"
      initial={{ account: '', name: '' }}
      fields={({ account, name }, change) => (
        <>
          <TextField
            label={text.account}
            value={account}
            onChange={(value) => change({ account: value })}
            isRequired
          />
          <TextField label={text.name} value={name} onChange={(value) => change({ name: value })} />
        </>
      )}
      send={(client, values, ...sent) => client.postAccounts(values, ...sent)}
      said={({ account, name }) => [
        { name: text.account, value: account },
        { name: text.name, value: name },
      ]}
      final={text.openFinal}
    />
  );
};
