/** Money of all accounts: held, owed, frozen; each leads to the accounts that have it. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { counted, yuan } from '../../format/format.ts';
import { useLedgerQuery } from '../../ledger/queries.ts';
import { useText } from '../../messages/language.tsx';
import { Loaded } from '../../parts/Loaded.tsx';
import { accountsHref } from '../accounts/asked.ts';
import styles from './Finance.module.css';
import { financeMessages } from './messages.ts';

export const Balances = () => {
  const text = useText(financeMessages);
  const query = useLedgerQuery(['ledger', 'finance', 'balances'], ({ client, after, signal }) =>
    client.getFinanceBalances({ after }, { signal }),
  );
  return (
    <section aria-label={text.money}>
      <Loaded query={query} lines={4}>
        {({ held, owed, frozen, accounts, inArrears, suspended }) => (
          <dl className={styles.cards}>
            <Card
              name={text.held}
              href={accountsHref({ sort: 'balance', order: 'down' })}
              hint={text.heldHint}
            >
              {yuan(held)}
            </Card>
            <Card
              name={text.owed}
              href={accountsHref({ arrears: 'true', sort: 'balance' })}
              hint={text.owedHint(counted(inArrears))}
            >
              {yuan(owed)}
            </Card>
            <Card
              name={text.frozen}
              href={accountsHref({ frozen: 'true', sort: 'frozen', order: 'down' })}
              hint={text.frozenHint}
            >
              {yuan(frozen)}
            </Card>
            <Card name={text.accounts} href="/accounts" hint={text.suspended(counted(suspended))}>
              {counted(accounts)}
            </Card>
          </dl>
        )}
      </Loaded>
    </section>
  );
};

interface CardProps {
  readonly name: string;
  readonly href: string;
  readonly hint: string;
  readonly children: ReactNode;
}

const Card = ({ name, href, hint, children }: CardProps) => (
  <div className={styles.card}>
    <dt>{name}</dt>
    <dd>
      <Link href={href}>{children}</Link>
      <small>{hint}</small>
    </dd>
  </div>
);
