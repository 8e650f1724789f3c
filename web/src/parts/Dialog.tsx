/** A dialog over the page, and the button that opens it: it keeps the focus, and Escape closes it. */
import type { ReactElement, ReactNode } from 'react';
import { Dialog as AriaDialog, DialogTrigger, Heading, Modal, ModalOverlay } from 'react-aria-components';
import styles from './Dialog.module.css';

interface DialogProps {
  readonly title: string;
  /** The button. */
  readonly opener: ReactElement;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  readonly children: ReactNode;
}

export const Dialog = ({ title, opener, isOpen, onOpenChange, children }: DialogProps) => (
  <DialogTrigger isOpen={isOpen} onOpenChange={onOpenChange}>
    {opener}
    <ModalOverlay className={styles.overlay ?? ''}>
      <Modal className={styles.modal ?? ''}>
        <AriaDialog className={styles.dialog ?? ''}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  </DialogTrigger>
);
