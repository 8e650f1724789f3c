/** Money paid in by the customer, or granted by the operator. */
import { CommandDialog } from '../../../doing/CommandDialog.tsx';
import { yuan } from '../../../format/format.ts';
import { useLedgerQuery } from '../../../ledger/queries.ts';
import { useText } from '../../../messages/language.tsx';
import { SelectField, TextField } from '../../../parts/Field.tsx';
import { accountCommandMessages } from './messages.ts';

interface MoneyFieldsProps {
  readonly values: { readonly amount: string; readonly reference: string };
  readonly change: (changed: { amount?: string; reference?: string }) => void;
}

const MoneyFields = ({ values, change }: MoneyFieldsProps) => {
  const text = useText(accountCommandMessages);
  return (
    <>
      <TextField
        label={text.amount}
        inputMode="decimal"
        value={values.amount}
        onChange={(amount) => change({ amount: amount.trim() })}
        isRequired
      />
      <TextField
        label={text.reference}
        hint={text.referenceHint}
        value={values.reference}
        onChange={(reference) => change({ reference })}
        isRequired
      />
    </>
  );
};

interface DepositProps {
  readonly account: string;
  /** Names the button of a row. */
  readonly about?: string;
}

export const Deposit = ({ account, about }: DepositProps) => {
  const text = useText(accountCommandMessages);
  return (
    <CommandDialog
      label={text.deposit}
      {...(about === undefined ? {} : { about })}
      scope="operate"
      initial={{ amount: '', reference: '' }}
      fields={(values, change) => <MoneyFields values={values} change={change} />}
      send={(client, values, ...sent) => client.postAccountsDeposits(account, values, ...sent)}
      said={({ amount, reference }) => [
        { name: text.paid, value: yuan(amount) },
        { name: text.reference, value: reference },
      ]}
      final={text.depositFinal}
    />
  );
};

export const Credit = ({ account }: { readonly account: string }) => {
  const text = useText(accountCommandMessages);
  const packs = useLedgerQuery(['account', account, 'packs to void'], ({ client, after, signal }) =>
    client.getAccountsPacks(account, { after, limit: 1000 }, { signal }),
  );
  const options = (packs.data?.items ?? [])
    .filter(({ state }) => state === 'usable')
    .map(({ pack, pool }) => ({ value: pack, label: `${pool} · ${pack}` }));
  return (
    <CommandDialog
      label={text.credit}
      scope="operate"
      initial={{ amount: '', reference: '', reason: '', pack: '' }}
      fields={(values, change) => (
        <>
          <MoneyFields values={values} change={change} />
          <TextField
            label={text.why}
            value={values.reason}
            onChange={(reason) => change({ reason })}
            isRequired
          />
          <SelectField
            label={text.voided}
            value={values.pack}
            options={[{ value: '', label: text.noPack }, ...options]}
            onChange={(pack) => change({ pack })}
          />
        </>
      )}
      send={(client, { pack, ...values }, ...sent) =>
        client.postAccountsCredits(account, { ...values, pack: pack === '' ? null : pack }, ...sent)
      }
      said={({ amount, reference, reason, pack }) => [
        { name: text.paid, value: yuan(amount) },
        { name: text.reference, value: reference },
        { name: text.why, value: reason },
        { name: text.pack, value: pack },
      ]}
      final={text.creditFinal}
    />
  );
};
