/** A part of a bill with its heading, and a table in it that scrolls where it does not fit. */
import { type ReactNode, useId } from 'react';
import styles from './Paper.module.css';

interface SectionProps {
  readonly title: string;
  readonly note?: string;
  readonly children: ReactNode;
}

export const Section = ({ title, note, children }: SectionProps) => {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {note === undefined ? null : <p className={styles.note}>{note}</p>}
      {children}
    </section>
  );
};

interface SheetProps {
  readonly caption: string;
  /** On a phone each row becomes a block with the names before the figures. */
  readonly isFolding?: boolean;
  readonly head: readonly (string | { readonly number: string })[];
  readonly children: ReactNode;
}

/** A table of the bill. Its body is given, since a line may have more than one row. */
export const Sheet = ({ caption, isFolding, head, children }: SheetProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
  // biome-ignore lint/a11y/useSemanticElements: it groups no fields.
  <div className={styles.scroll} role="group" aria-label={caption} tabIndex={0}>
    <table className={`${styles.table} ${isFolding ? styles.folding : ''}`}>
      <caption className={styles.hidden}>{caption}</caption>
      <thead>
        <tr>
          {head.map((name) =>
            typeof name === 'string' ? (
              <th key={name} scope="col">
                {name}
              </th>
            ) : (
              <th key={name.number} scope="col" className={styles.number}>
                {name.number}
              </th>
            ),
          )}
        </tr>
      </thead>
      {children}
    </table>
  </div>
);
