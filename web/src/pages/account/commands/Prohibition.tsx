/** Prohibits an account, or lifts that: whichever can be done now. */
import { CommandDialog } from '../../../doing/CommandDialog.tsx';
import { useText } from '../../../messages/language.tsx';
import { TextField } from '../../../parts/Field.tsx';
import { accountCommandMessages } from './messages.ts';

interface ProhibitionProps {
  readonly account: string;
  readonly isProhibited: boolean;
}

export const Prohibition = ({ account, isProhibited }: ProhibitionProps) => (
  <>
    <Prohibit account={account} isOffered={!isProhibited} />
    <Lift account={account} isOffered={isProhibited} />
  </>
);

interface OfferedProps {
  readonly account: string;
  readonly isOffered: boolean;
}

const Prohibit = ({ account, isOffered }: OfferedProps) => {
  const text = useText(accountCommandMessages);
  return (
    <CommandDialog
      label={text.prohibit}
      scope="operate"
      isOffered={isOffered}
      kind="danger"
      initial={{ note: '' }}
      fields={({ note }, change) => (
        <TextField
          label={text.note}
          value={note}
          onChange={(value) => change({ note: value })}
          maxLength={500}
        />
      )}
      send={(client, { note }, ...sent) =>
        client.postAccountsSuspensions(account, { reason: 'prohibited', note }, ...sent)
      }
      said={({ reason, note }) => [
        { name: text.reason, value: reason },
        { name: text.note, value: note },
      ]}
      final={text.prohibitFinal}
    />
  );
};

export const Lift = ({ account, isOffered, about }: OfferedProps & { readonly about?: string }) => {
  const text = useText(accountCommandMessages);
  return (
    <CommandDialog
      label={text.lift}
      {...(about === undefined ? {} : { about })}
      scope="operate"
      isOffered={isOffered}
      initial={{}}
      send={(client, _values, ...sent) => client.deleteAccountsSuspensionsProhibited(account, ...sent)}
      said={({ status, suspensions }) => [
        { name: text.status, value: text[status] },
        ...(suspensions.length === 0
          ? []
          : [{ name: text.reason, value: suspensions.map(({ reason }) => reason).join(', ') }]),
      ]}
      final={text.liftFinal}
    />
  );
};
