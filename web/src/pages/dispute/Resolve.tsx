/** Resolves a dispute: upheld, or adjusted by a credit or by corrections of records. */
import type { Dispute } from '../../../../client/suanpan.ts';
import { CommandDialog } from '../../doing/CommandDialog.tsx';
import { counted } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import { SelectField, TextField } from '../../parts/Field.tsx';
import { CorrectedRecords } from './CorrectedRecords.tsx';
import { disputeMessages } from './messages.ts';
import { bodyOf, EMPTY, type Resolution } from './resolution.ts';

export const Resolve = ({ dispute }: { readonly dispute: Dispute }) => {
  const text = useText(disputeMessages);
  const initial: Resolution = { ...EMPTY, reference: `dispute-${dispute.dispute}` };
  return (
    <CommandDialog
      {...{ label: text.resolve, about: dispute.dispute, scope: 'operate', kind: 'primary', initial }}
      isOffered={dispute.state === 'open'}
      fields={(asked, change) => (
        <>
          <SelectField
            label={text.outcome}
            value={asked.outcome}
            options={[
              { value: 'upheld', label: text.keep },
              { value: 'adjusted', label: text.adjust },
            ]}
            onChange={(value) => change({ outcome: value === 'adjusted' ? 'adjusted' : 'upheld' })}
          />
          <TextField
            {...{ label: text.note, hint: text.noteHint, value: asked.note, isLong: true }}
            onChange={(note) => change({ note })}
            isRequired
          />
          {asked.outcome === 'adjusted' ? <Adjusting asked={asked} onChange={change} /> : null}
        </>
      )}
      send={(client, asked, ...sent) =>
        client.postDisputesResolution(dispute.dispute, bodyOf(asked), ...sent)
      }
      said={({ state, resolved }) => [
        { name: text.outcome, value: text[state] },
        { name: text.note, value: resolved?.note },
        { name: text.credit, value: resolved?.credit },
        { name: text.corrections, value: resolved && counted(resolved.corrections.length) },
      ]}
      final={text.forGood}
    />
  );
};

interface AdjustingProps {
  readonly asked: Resolution;
  readonly onChange: (part: Partial<Resolution>) => void;
}

const Adjusting = ({ asked, onChange }: AdjustingProps) => {
  const text = useText(disputeMessages);
  return (
    <>
      <TextField
        label={text.amount}
        hint={text.amountHint}
        inputMode="decimal"
        value={asked.amount}
        onChange={(amount) => onChange({ amount })}
      />
      {asked.amount === '' ? null : (
        <TextField
          label={text.reference}
          value={asked.reference}
          onChange={(reference) => onChange({ reference })}
        />
      )}
      <CorrectedRecords records={asked.records} onChange={(records) => onChange({ records })} />
    </>
  );
};
