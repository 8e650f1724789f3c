/** A part of an explanation; the one that the chosen number is about is marked and brought into view. */
import { type ReactNode, useEffect, useRef } from 'react';
import { type LinePart, useChoice } from '../choice.tsx';
import styles from './Why.module.css';

interface PartProps {
  readonly title: string;
  readonly part?: LinePart;
  readonly note?: string | undefined;
  readonly children: ReactNode;
}

export const Part = ({ title, part, note, children }: PartProps) => {
  const section = useRef<HTMLElement>(null);
  const { choice } = useChoice();
  const isMeant = part !== undefined && choice.part === part;
  useEffect(() => {
    if (isMeant) section.current?.scrollIntoView({ block: 'nearest' });
  }, [isMeant]);
  return (
    <section ref={section} className={`${styles.part} ${isMeant ? styles.meant : ''}`}>
      <h3>{title}</h3>
      {note === undefined ? null : <p className={styles.note}>{note}</p>}
      {children}
    </section>
  );
};

/** A formula, set apart. */
export const Formula = ({ children }: { readonly children: string }) => (
  <p className={styles.formula}>{children}</p>
);
