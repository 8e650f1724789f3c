/** The dialog that opens a dispute: what it is of, why, what a dry run shows, and what cannot be undone. */
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Bill, Dispute } from '../../../../../client/suanpan.ts';
import { useCommand } from '../../../ledger/command.ts';
import { useText } from '../../../messages/language.tsx';
import { Button } from '../../../parts/Button.tsx';
import { Dialog } from '../../../parts/Dialog.tsx';
import { SelectField, TextField } from '../../../parts/Field.tsx';
import { Problem } from '../../../parts/Problem.tsx';
import { useChoice } from '../choice.tsx';
import type { Names } from '../names.ts';
import { proofMessages } from './messages.ts';
import proof from './Proof.module.css';

interface OpenDisputeProps {
  readonly bill: Bill;
  readonly names: Names;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

const WHOLE = '';

export const OpenDispute = ({ bill, names, isOpen, onClose }: OpenDisputeProps) => {
  const text = useText(proofMessages);
  const [, go] = useLocation();
  const { choice } = useChoice();
  const { account, month } = bill;
  const [meter, setMeter] = useState(choice.line ?? WHOLE);
  const [reason, setReason] = useState('');
  const command = useCommand(({ client, query, options }) =>
    client.postAccountsBillsDisputes(
      account,
      month,
      { reason, ...(meter === WHOLE ? {} : { meter }) },
      query,
      options,
    ),
  );
  const changed =
    <Value,>(set: (value: Value) => void) =>
    (value: Value): void => {
      set(value);
      command.forget();
    };
  const give = async (): Promise<void> => {
    const opened = await command.give();
    if (opened) go(`/disputes/${opened.dispute}`);
  };
  const options = [
    { value: WHOLE, label: text.whole },
    ...bill.lines.map((line) => ({ value: line.meter, label: names.meter(line.meter) })),
  ];
  return (
    <Dialog title={text.openTitle} isOpen={isOpen} onClose={onClose}>
      <div className={proof.form}>
        <SelectField label={text.what} value={meter} options={options} onChange={changed(setMeter)} />
        <TextField
          label={text.reason}
          hint={text.reasonHint}
          value={reason}
          onChange={changed(setReason)}
          isLong
          maxLength={1000}
        />
        <Problem failure={command.failure} />
        {command.tried ? <Tried dispute={command.tried} /> : null}
        <div className={proof.buttons}>
          <Button isDisabled={reason.trim() === '' || command.isBusy} onPress={() => void command.tryOut()}>
            {text.tryOut}
          </Button>
          <Button
            kind="primary"
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

/** What a dry run found, and what opening the dispute means for good. */
const Tried = ({ dispute }: { readonly dispute: Dispute }) => {
  const text = useText(proofMessages);
  const [evidence] = dispute.evidence;
  return (
    <>
      <div className={proof.tried} role="status">
        <p>{text.wouldBe(dispute.dispute)}</p>
        {evidence ? (
          <p>
            {text.replayFound}: {evidence.replay.match ? text.matches : text.differs}
            <br />
            {text.checkpointFound}: {evidence.checkpoint?.size ?? text.none}
          </p>
        ) : null}
      </div>
      <p className={proof.warning}>{text.forGood}</p>
    </>
  );
};
