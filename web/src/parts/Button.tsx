/** A button; a link that looks like one is `LinkButton`. */
import { Button as AriaButton, type ButtonProps } from 'react-aria-components';
import { Link } from 'wouter';
import styles from './Button.module.css';

type Kind = 'primary' | 'plain' | 'danger' | 'quiet';

export const Button = ({ kind = 'plain', ...props }: ButtonProps & { readonly kind?: Kind }) => (
  <AriaButton {...props} className={`${styles.button} ${styles[kind]}`} />
);

export const LinkButton = ({ href, children }: { readonly href: string; readonly children: string }) => (
  <Link href={href} className={`${styles.button} ${styles.plain}`}>
    {children}
  </Link>
);
