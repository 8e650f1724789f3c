/** Corrects the calls of one record; the difference is on the next bill where its month is closed. */
import { CommandDialog } from '../../../doing/CommandDialog.tsx';
import { counted } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { TextField } from '../../../parts/Field.tsx';
import { accountCommandMessages } from './messages.ts';

export const CorrectUsage = ({ account }: { readonly account: string }) => {
  const text = useText(accountCommandMessages);
  return (
    <CommandDialog
      label={text.correct}
      scope="operate"
      initial={{ source: '', id: '', calls: '', reason: '' }}
      fields={({ source, id, calls, reason }, change) => (
        <>
          <TextField
            label={text.source}
            value={source}
            onChange={(to) => change({ source: to })}
            isRequired
          />
          <TextField label={text.record} value={id} onChange={(to) => change({ id: to })} isRequired />
          <TextField
            {...{ label: text.rightCalls, inputMode: 'numeric', pattern: '[0-9]{1,15}', value: calls }}
            onChange={(to) => change({ calls: to.trim() })}
            isRequired
          />
          <TextField
            label={text.whyCorrected}
            value={reason}
            onChange={(to) => change({ reason: to })}
            isRequired
          />
        </>
      )}
      send={(client, { calls, ...values }, ...sent) =>
        client.postAccountsCorrections(account, { ...values, calls: Number(calls) }, ...sent)
      }
      said={({ source, id, from, calls, reason }) => [
        { name: text.record, value: `${source} ${id}` },
        { name: text.callsBefore, value: counted(from) },
        { name: text.rightCalls, value: counted(calls) },
        { name: text.whyCorrected, value: reason },
      ]}
      final={text.correctFinal}
    />
  );
};
