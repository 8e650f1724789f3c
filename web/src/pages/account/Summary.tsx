/** How the account stands: balance, standing, the month so far, and what is left of its allowances. */
import { useInstants, yuan } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import { Empty, Loaded } from '../../parts/Loaded.tsx';
import styles from './Account.module.css';
import { Allowances } from './Allowances.tsx';
import { BalanceOverTime } from './balance/BalanceOverTime.tsx';
import { Commands } from './commands/Commands.tsx';
import { DraftLines } from './DraftLines.tsx';
import { accountMessages } from './messages.ts';
import { useAccountQuery, useMoment } from './moment/moment.tsx';
import { Standing } from './Standing.tsx';
import { TierGauges } from './tiers/TierGauges.tsx';
import { useAccount } from './use-account.ts';

export const Summary = ({ account }: { readonly account: string }) => (
  <div className={styles.parts}>
    <Balance account={account} />
    {useMoment().isThen ? null : <Commands account={account} />}
    <Standing account={account} />
    <BalanceOverTime account={account} />
    <MonthSoFar account={account} />
    <TierGauges account={account} />
    <Allowances account={account} />
  </div>
);

const Balance = ({ account }: { readonly account: string }) => {
  const text = useText(accountMessages);
  const query = useAccount(account);
  return (
    <Loaded query={query} lines={4}>
      {({ balance, services, postPaidOff = [] }) => (
        <dl className={styles.cards}>
          <Card name={text.available} amount={balance.available} hint={text.availableHint} />
          <Card name={text.frozen} amount={balance.frozen} hint={text.frozenHint} />
          <Card name={text.total} amount={balance.total} />
          <div className={styles.card}>
            <dt>{text.products}</dt>
            <dd>
              {services.length === 0 ? <small>{text.noProducts}</small> : services.join(', ')}
              {postPaidOff.length === 0 ? null : <small>{text.prepaidOnly(postPaidOff.join(', '))}</small>}
            </dd>
          </div>
        </dl>
      )}
    </Loaded>
  );
};

interface CardProps {
  readonly name: string;
  readonly amount: string;
  readonly hint?: string;
}

const Card = ({ name, amount, hint }: CardProps) => (
  <div className={styles.card}>
    <dt>{name}</dt>
    <dd className={amount.startsWith('-') ? styles.negative : undefined}>
      {yuan(amount)}
      {hint === undefined ? null : <small>{hint}</small>}
    </dd>
  </div>
);

const MonthSoFar = ({ account }: { readonly account: string }) => {
  const text = useText(accountMessages);
  const { month } = useInstants();
  const query = useAccountQuery(account, ['estimate'], ({ client, after, at, signal }) =>
    client.getAccountsEstimate(account, { after, ...at }, { signal }),
  );
  return (
    <section className={styles.part}>
      <Loaded query={query} lines={8}>
        {(draft) => (
          <>
            <h2>{text.monthSoFar(month(draft.month))}</h2>
            <p className={styles.soft}>{text.estimateHint}</p>
            {draft.lines.length === 0 ? <Empty>{text.nothingMetered}</Empty> : <DraftLines draft={draft} />}
          </>
        )}
      </Loaded>
    </section>
  );
};
