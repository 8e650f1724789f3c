/** Opens a dispute: what it is of, why, and what the bill's replay finds at once. */
import { Link } from 'wouter';
import type { Bill } from '../../../../../client/suanpan.ts';
import { CommandDialog } from '../../../doing/CommandDialog.tsx';
import { useText } from '../../../messages/language.tsx';
import { SelectField, TextField } from '../../../parts/Field.tsx';
import { useChoice } from '../choice.tsx';
import type { Names } from '../names.ts';
import { proofMessages } from './messages.ts';

interface OpenDisputeProps {
  readonly bill: Bill;
  readonly names: Names;
}

const WHOLE = '';

export const OpenDispute = ({ bill, names }: OpenDisputeProps) => {
  const text = useText(proofMessages);
  const { choice } = useChoice();
  const { account, month } = bill;
  const options = [
    { value: WHOLE, label: text.whole },
    ...bill.lines.map((line) => ({ value: line.meter, label: names.meter(line.meter) })),
  ];
  return (
    <CommandDialog
      label={text.open}
      scope="operate"
      initial={{ meter: choice.line ?? WHOLE, reason: '' }}
      fields={({ meter, reason }, change) => (
        <>
          <SelectField
            label={text.what}
            value={meter}
            options={options}
            onChange={(value) => change({ meter: value })}
          />
          <TextField
            {...{ label: text.reason, hint: text.reasonHint, value: reason, isLong: true, maxLength: 1000 }}
            onChange={(value) => change({ reason: value })}
            isRequired
          />
        </>
      )}
      send={(client, { meter, reason }, ...sent) => {
        const body = { reason, ...(meter === WHOLE ? {} : { meter }) };
        return client.postAccountsBillsDisputes(account, month, body, ...sent);
      }}
      said={({ dispute, evidence: [found] }, isDry) => [
        {
          name: text.dispute,
          value: isDry ? dispute : <Link href={`/disputes/${dispute}`}>{dispute}</Link>,
        },
        { name: text.replayFound, value: found && (found.replay.match ? text.matches : text.differs) },
        { name: text.checkpointFound, value: found?.checkpoint?.size ?? text.none },
      ]}
      final={text.forGood}
    />
  );
};
