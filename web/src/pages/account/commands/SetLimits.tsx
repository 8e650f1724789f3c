/** Sets what an account may spend in a month before its entitlements say no, and what its holder is told of. */
import { CommandDialog } from '../../../doing/CommandDialog.tsx';
import { yuan } from '../../../format/format.ts';
import { useLedgerQuery } from '../../../ledger/queries.ts';
import { useText } from '../../../messages/language.tsx';
import { TextField } from '../../../parts/Field.tsx';
import { accountCommandMessages } from './messages.ts';

export const SetLimits = ({ account }: { readonly account: string }) => {
  const text = useText(accountCommandMessages);
  const { data } = useLedgerQuery(['account', account, 'limits'], ({ client, after, signal }) =>
    client.getAccountsLimits(account, { after }, { signal }),
  );
  if (!data) return null;
  return (
    <CommandDialog
      label={text.limits}
      scope="operate"
      initial={{
        spend: data.spend ?? '',
        notifyAt: (data.spend === null ? ['0.8', '1'] : data.notifyAt).join(', '),
        lowBalance: data.lowBalance ?? '',
      }}
      fields={({ spend, notifyAt, lowBalance }, change) => (
        <>
          <TextField
            {...{ label: text.spend, inputMode: 'decimal', value: spend }}
            onChange={(value) => change({ spend: value.trim() })}
          />
          <TextField
            {...{ label: text.notifyAt, hint: text.notifyAtHint, value: notifyAt }}
            onChange={(value) => change({ notifyAt: value })}
          />
          <TextField
            {...{ label: text.lowBalance, inputMode: 'decimal', value: lowBalance }}
            onChange={(value) => change({ lowBalance: value.trim() })}
          />
        </>
      )}
      send={(client, { spend, notifyAt, lowBalance }, ...sent) => {
        const shares = notifyAt.split(/[\s,,]+/).filter((share) => share !== '');
        const body = { spend: spend || null, notifyAt: shares, lowBalance: lowBalance || null };
        return client.putAccountsLimits(account, body, ...sent);
      }}
      said={(limits) => [
        { name: text.spend, value: limits.spend && yuan(limits.spend) },
        { name: text.notifyAt, value: limits.notifyAt.join(', ') },
        { name: text.lowBalance, value: limits.lowBalance && yuan(limits.lowBalance) },
        { name: text.spent, value: yuan(limits.spent) },
      ]}
      final={text.limitsFinal}
    />
  );
};
