/** Corrects the calls, or the quantities, of one record; the difference is on the next bill where its month is closed. */
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
            {...{ label: text.rightCalls, pattern: COUNTS, value: calls }}
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
        client.postAccountsCorrections(account, { ...values, ...countsIn(calls) }, ...sent)
      }
      said={({ source, id, from, calls, quantities, reason }) => [
        { name: text.record, value: `${source} ${id}` },
        { name: text.callsBefore, value: shown(from) },
        { name: text.rightCalls, value: shown(quantities ?? calls ?? 0) },
        { name: text.whyCorrected, value: reason },
      ]}
      final={text.correctFinal}
    />
  );
};

/** Calls, or quantities as `input=500 output=100`. */
const COUNTS = '[0-9]{1,15}|[a-z0-9_]{1,32}=[0-9]{1,15}([ ,]+[a-z0-9_]{1,32}=[0-9]{1,15})*';

const countsIn = (text: string) =>
  text.includes('=')
    ? {
        quantities: Object.fromEntries(
          text.split(/[ ,]+/).map((one) => [one.split('=')[0] ?? '', Number(one.split('=')[1])]),
        ),
      }
    : { calls: Number(text) };

const shown = (counts: number | Readonly<Record<string, number>>): string =>
  typeof counts === 'number'
    ? counted(counts)
    : Object.entries(counts)
        .map(([measure, quantity]) => `${measure} ${counted(quantity)}`)
        .join(', ');
