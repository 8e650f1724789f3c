/** A table of rows; numbers are aligned at their end. It scrolls sideways where it does not fit. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import styles from './Table.module.css';

export interface Column<Row> {
  readonly name: string;
  /** The rows can be put in the order of this column, by the address; `is`: they are. */
  readonly sorted?: { readonly href: string; readonly is?: 'up' | 'down' };
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

const DIRECTIONS = { up: 'ascending', down: 'descending' } as const;
const ARROWS = { up: '▲', down: '▼' } as const;

interface TableProps<Row> {
  /** Read by a screen reader; shown if `isCaptionShown`. */
  readonly caption: string;
  readonly isCaptionShown?: boolean;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row, index: number) => string;
  readonly foot?: ReactNode;
}

export const Table = <Row,>({ caption, isCaptionShown, columns, rows, keyOf, foot }: TableProps<Row>) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
  <section className={styles.scroll} aria-label={caption} tabIndex={0}>
    <table className={styles.table}>
      <caption className={isCaptionShown ? styles.caption : styles.hidden}>{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ name, isNumber, sorted }) => (
            <th
              key={name}
              scope="col"
              className={isNumber ? styles.number : undefined}
              aria-sort={sorted?.is && DIRECTIONS[sorted.is]}
            >
              {sorted ? (
                <Link href={sorted.href} replace className={styles.sort}>
                  {name}
                  <span aria-hidden="true">{sorted.is ? ARROWS[sorted.is] : ''}</span>
                </Link>
              ) : (
                name
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={keyOf(row, i)}>
            {columns.map(({ name, isNumber, cell }) => (
              <td key={name} className={isNumber ? styles.number : undefined}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      {foot ? <tfoot>{foot}</tfoot> : null}
    </table>
  </section>
);
