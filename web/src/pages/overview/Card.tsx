/** A figure with what it means; its name leads to what is behind it. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import styles from './Overview.module.css';

interface CardProps {
  readonly name: string;
  readonly value: string;
  readonly hint?: ReactNode;
  /** Where the facts are; absent: nowhere else. */
  readonly href?: string | undefined;
}

export const Card = ({ name, value, hint, href }: CardProps) => (
  <div className={styles.card}>
    <dt>{href === undefined ? name : <Link href={href}>{name}</Link>}</dt>
    <dd>
      {value}
      {hint === undefined ? null : <small>{hint}</small>}
    </dd>
  </div>
);
