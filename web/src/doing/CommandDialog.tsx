/**
 * A button that opens a command's dialog: its form, a dry run through the API, a confirmation that says what cannot be
 * undone, and the answer. What the key may not do is not offered.
 */
import { type ReactNode, useState } from 'react';
import { Button } from '../parts/Button.tsx';
import { Dialog } from '../parts/Dialog.tsx';
import { useSession } from '../session/session.tsx';
import styles from './Command.module.css';
import { CommandSteps } from './CommandSteps.tsx';
import type { Send } from './command.ts';
import { useNotedOpen } from './held.ts';

/** A line of what an answer says. */
export interface Said {
  readonly name: string;
  readonly value: ReactNode;
}

export interface CommandProps<Values, Answer> {
  /** On the button, and the dialog's heading. */
  readonly label: string;
  /** What it is about, where the label alone does not say it: names the button of a row. */
  readonly about?: string;
  readonly scope: 'operate' | 'admin';
  readonly kind?: 'plain' | 'danger' | 'primary';
  /** What the form holds when it opens. */
  readonly initial: Values;
  readonly fields?: (values: Values, change: (changed: Partial<Values>) => void) => ReactNode;
  readonly send: Send<Values, Answer>;
  /** What an answer says, of the dry run (`isDry`) and of the command. */
  readonly said: (answer: Answer, isDry: boolean) => readonly Said[];
  /** What cannot be undone once it is confirmed. */
  readonly final: string;
  /** A secret in the answer, shown once. */
  readonly secretOf?: (answer: Answer) => string;
  /** False: it cannot be given now. A dialog that is open stays so, with the answer that made it so. */
  readonly isOffered?: boolean;
  /** False: the command's route stores neither actor nor reason. */
  readonly isAudited?: boolean;
  /** False: it acts, but records nothing, so that confirming it again acts again. */
  readonly isRecorded?: boolean;
}

export const CommandDialog = <Values, Answer>(props: CommandProps<Values, Answer>) => {
  const { may } = useSession();
  const [isOpen, setOpen] = useState(false);
  useNotedOpen(isOpen);
  const { label, about, scope, kind = 'plain', isOffered = true } = props;
  if (!may(scope) || !(isOffered || isOpen)) return null;
  const opener = (
    <Button kind={kind} {...(about === undefined ? {} : { 'aria-label': `${label}: ${about}` })}>
      {label}
    </Button>
  );
  return (
    <Dialog title={label} opener={opener} isOpen={isOpen} onOpenChange={setOpen}>
      {about === undefined ? null : <p className={styles.about}>{about}</p>}
      <CommandSteps {...props} onClose={() => setOpen(false)} />
    </Dialog>
  );
};
