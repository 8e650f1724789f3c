/** A page's heading with what can be done on the page beside it. */
import type { ReactNode } from 'react';
import styles from './PageHead.module.css';

interface PageHeadProps {
  readonly title: string;
  readonly children?: ReactNode;
}

export const PageHead = ({ title, children }: PageHeadProps) => (
  <div className={styles.head}>
    <h1>{title}</h1>
    {children}
  </div>
);
