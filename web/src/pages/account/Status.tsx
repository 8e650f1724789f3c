/** Active or suspended, in words and colour. */
import { useText } from '../../messages/language.tsx';
import styles from './Account.module.css';
import { accountMessages } from './messages.ts';

export const Status = ({ status }: { readonly status: 'active' | 'suspended' }) => {
  const text = useText(accountMessages);
  return (
    <span className={`${styles.tag} ${status === 'active' ? styles.good : styles.bad}`}>{text[status]}</span>
  );
};
