/** Money of all accounts. */
import type { Overview } from '../../../../client/suanpan.ts';
import { counted, yuan } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import { accountsHref } from '../accounts/asked.ts';
import { Card } from './Card.tsx';
import { overviewMessages } from './messages.ts';
import styles from './Overview.module.css';

export const Money = ({ overview: { accounts, money } }: { readonly overview: Overview }) => {
  const text = useText(overviewMessages);
  return (
    <section className={styles.plain}>
      <h2>{text.money}</h2>
      <dl className={styles.cards}>
        <Card
          name={text.held}
          value={yuan(money.held)}
          hint={text.heldHint}
          href={accountsHref({ sort: 'balance', order: 'down' })}
        />
        <Card
          name={text.frozen}
          value={yuan(money.frozen)}
          hint={text.frozenHint}
          href={accountsHref({ frozen: 'true', sort: 'frozen', order: 'down' })}
        />
        <Card
          name={text.owed}
          value={yuan(money.owed)}
          hint={text.owedHint}
          href={accountsHref({ arrears: 'true', sort: 'balance' })}
        />
        <Card name={text.accounts} value={counted(accounts)} href={accountsHref({})} />
      </dl>
    </section>
  );
};
