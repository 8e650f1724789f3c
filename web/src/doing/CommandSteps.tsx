/** What a command's dialog shows at each of its steps. */
import { type FormEvent, type ReactNode, useState } from 'react';
import { Refused } from '../../../client/suanpan.ts';
import { useText } from '../messages/language.tsx';
import { Button } from '../parts/Button.tsx';
import { TextField } from '../parts/Field.tsx';
import { Problem } from '../parts/Problem.tsx';
import styles from './Command.module.css';
import type { CommandProps, Said } from './CommandDialog.tsx';
import { type Audit, useCommandSteps, wouldRecordIn } from './command.ts';
import { Events } from './Events.tsx';
import { commandMessages } from './messages.ts';

interface StepsProps<Values, Answer> extends CommandProps<Values, Answer> {
  readonly onClose: () => void;
}

/**
 * What had the focus is gone with the step before. It goes to what is to be read next, not to a button: pressing Enter
 * twice must not confirm.
 */
const focus = (shown: HTMLElement | null): void => shown?.focus();

export const CommandSteps = <Values, Answer>({ onClose, ...command }: StepsProps<Values, Answer>) => {
  const text = useText(commandMessages);
  const { label, initial, fields, send, said, final, kind, secretOf } = command;
  const { isAudited = true, isRecorded = true } = command;
  const tried = isRecorded ? text.tried : text.triedUnrecorded;
  const [values, setValues] = useState(initial);
  const [audit, setAudit] = useState<Audit>({ actor: '', reason: '' });
  const { step, isBusy, failure, tryOut, confirm, back } = useCommandSteps(send, values, audit);
  const submitting = (act: () => Promise<void>) => (event: FormEvent) => {
    event.preventDefault();
    void act();
  };

  if (step.name === 'form')
    return (
      <form className={styles.step} onSubmit={submitting(tryOut)}>
        {fields?.(values, (changed) => setValues((before) => ({ ...before, ...changed })))}
        {isAudited ? <AuditFields audit={audit} onChange={setAudit} /> : null}
        <Problem failure={failure} />
        <Buttons cancel={text.cancel} onCancel={onClose}>
          <Button kind="primary" type="submit" isDisabled={isBusy}>
            {text.tryOut}
          </Button>
        </Buttons>
      </form>
    );
  if (step.name === 'confirm')
    return (
      <form className={styles.step} onSubmit={submitting(confirm)}>
        <section className={styles.tried} aria-label={tried} tabIndex={-1} ref={focus}>
          <h3>{tried}</h3>
          <Answered said={said(step.answer, true)} />
          {isRecorded ? <Events events={wouldRecordIn(step.answer)} /> : null}
          <p className={styles.soft}>{isRecorded ? text.nothingYet : text.notActedYet}</p>
        </section>
        <p className={styles.final}>
          <strong>{text.cannotUndo}:</strong> {final}
        </p>
        <Problem failure={failure} />
        {failure === null || failure instanceof Refused ? null : (
          <p>{isRecorded ? text.lost : text.lostUnrecorded}</p>
        )}
        <Buttons cancel={text.back} onCancel={back}>
          <Button kind={kind === 'danger' ? 'danger' : 'primary'} type="submit" isDisabled={isBusy}>
            {label}
          </Button>
        </Buttons>
      </form>
    );
  return (
    <div className={styles.step}>
      <section className={styles.done} aria-label={text.done} tabIndex={-1} ref={focus}>
        <h3>{text.done}</h3>
        <p className={styles.soft}>{text.doneHint}</p>
        <Answered said={said(step.answer, false)} />
      </section>
      {secretOf === undefined ? null : <Secret secret={secretOf(step.answer)} />}
      <div className={styles.buttons}>
        <Button kind="primary" onPress={onClose}>
          {text.close}
        </Button>
      </div>
    </div>
  );
};

interface AuditFieldsProps {
  readonly audit: Audit;
  readonly onChange: (audit: Audit) => void;
}

const AuditFields = ({ audit, onChange }: AuditFieldsProps) => {
  const text = useText(commandMessages);
  return (
    <div className={styles.audit}>
      <TextField
        label={text.actor}
        hint={text.actorHint}
        value={audit.actor}
        onChange={(actor) => onChange({ ...audit, actor })}
      />
      <TextField
        label={text.reason}
        hint={text.reasonHint}
        value={audit.reason}
        onChange={(reason) => onChange({ ...audit, reason })}
        maxLength={500}
      />
    </div>
  );
};

interface ButtonsProps {
  readonly cancel: string;
  readonly onCancel: () => void;
  readonly children: ReactNode;
}

const Buttons = ({ cancel, onCancel, children }: ButtonsProps) => (
  <div className={styles.buttons}>
    <Button onPress={onCancel}>{cancel}</Button>
    {children}
  </div>
);

const Answered = ({ said }: { readonly said: readonly Said[] }) => (
  <dl className={styles.said}>
    {said.map(({ name, value }) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value === '' || value === null ? '–' : value}</dd>
      </div>
    ))}
  </dl>
);

const Secret = ({ secret }: { readonly secret: string }) => {
  const text = useText(commandMessages);
  return (
    <div className={styles.final}>
      <p>{text.secretOnce}</p>
      <p>
        {text.secret}: <code className={styles.secret}>{secret}</code>
      </p>
    </div>
  );
};
