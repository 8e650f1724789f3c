/** The dialog that resolves a dispute: upheld, or adjusted by a credit or by corrections of records. */
import { useState } from 'react';
import type { Dispute } from '../../../../client/suanpan.ts';
import { counted, yuan } from '../../format/format.ts';
import { useCommand } from '../../ledger/command.ts';
import { useText } from '../../messages/language.tsx';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { SelectField, TextField } from '../../parts/Field.tsx';
import { Problem } from '../../parts/Problem.tsx';
import { CorrectedRecords } from './CorrectedRecords.tsx';
import styles from './Dispute.module.css';
import { disputeMessages } from './messages.ts';
import { bodyOf, EMPTY, isFilled, type Resolution } from './resolution.ts';

interface ResolveProps {
  readonly dispute: Dispute;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export const Resolve = ({ dispute, isOpen, onClose }: ResolveProps) => {
  const text = useText(disputeMessages);
  const [asked, setAsked] = useState<Resolution>({ ...EMPTY, reference: `dispute-${dispute.dispute}` });
  const command = useCommand(({ client, query, options }) =>
    client.postDisputesResolution(dispute.dispute, bodyOf(asked), query, options),
  );
  const change = (part: Partial<Resolution>): void => {
    setAsked((before) => ({ ...before, ...part }));
    command.forget();
  };
  const give = async (): Promise<void> => {
    if (await command.give()) onClose();
  };
  return (
    <Dialog title={text.resolveTitle(dispute.dispute)} isOpen={isOpen} onClose={onClose}>
      <div className={styles.form}>
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
          label={text.note}
          hint={text.noteHint}
          value={asked.note}
          onChange={(note) => change({ note })}
          isLong
        />
        {asked.outcome === 'adjusted' ? <Adjusting asked={asked} onChange={change} /> : null}
        <Problem failure={command.failure} />
        {command.tried ? <Tried asked={asked} /> : null}
        <div className={styles.buttons}>
          <Button isDisabled={!isFilled(asked) || command.isBusy} onPress={() => void command.tryOut()}>
            {text.tryOut}
          </Button>
          <Button
            kind="danger"
            isDisabled={command.tried === null || command.isBusy}
            onPress={() => void give()}
          >
            {text.give}
          </Button>
          <Button kind="quiet" onPress={onClose}>
            {text.cancel}
          </Button>
        </div>
      </div>
    </Dialog>
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

/** What the dry run accepted, in words, and what it means for good. */
const Tried = ({ asked }: { readonly asked: Resolution }) => {
  const text = useText(disputeMessages);
  const { outcome, credit, corrections } = bodyOf(asked);
  return (
    <>
      <div className={styles.tried} role="status">
        <p>{text.would}</p>
        <ul>
          {outcome === 'upheld' ? <li>{text.wouldUphold}</li> : null}
          {credit ? <li>{text.wouldCredit(yuan(credit.amount), credit.reference)}</li> : null}
          {corrections?.length ? <li>{text.wouldCorrect(counted(corrections.length))}</li> : null}
        </ul>
      </div>
      <p className={styles.warning}>{text.forGood}</p>
    </>
  );
};
