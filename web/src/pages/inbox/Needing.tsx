/** Accounts in arrears, suspended, or with a freeze that failed: why and since when, and what ends it. */
import { Link } from 'wouter';
import type { Inbox, NeededAccount } from '../../../../client/suanpan.ts';
import { useHeld } from '../../doing/held.ts';
import { counted, useInstants, yuan } from '../../format/format.ts';
import { useLedgerPages } from '../../ledger/pages.ts';
import { useText } from '../../messages/language.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { Table } from '../../parts/Table.tsx';
import { Deposit } from '../account/commands/Money.tsx';
import { Lift } from '../account/commands/Prohibition.tsx';
import styles from './Inbox.module.css';
import { inboxMessages } from './messages.ts';

const LIMIT = 50;

export const Needing = ({ inbox: { accounts } }: { readonly inbox: Inbox }) =>
  accounts.needing === 0 ? null : <Accounts of={accounts} />;

const Accounts = ({ of: sums }: { readonly of: Inbox['accounts'] }) => {
  const text = useText(inboxMessages);
  const query = useLedgerPages(['ledger', 'inbox', 'accounts'], ({ client, after, signal, cursor }) =>
    client.getInboxAccounts({ after, cursor, limit: LIMIT }, { signal }),
  );
  return (
    <section className={styles.part}>
      <h2>{text.accounts}</h2>
      <p>{text.accountSums(counted(sums.inArrears), counted(sums.suspended), counted(sums.freezesFailed))}</p>
      <Paged query={query}>{(items) => <Rows items={items} />}</Paged>
    </section>
  );
};

const Rows = ({ items }: { readonly items: readonly NeededAccount[] }) => {
  const text = useText(inboxMessages);
  return (
    <Table
      caption={text.accounts}
      rows={useHeld(items)}
      keyOf={({ account }) => account}
      columns={[
        {
          name: text.account,
          cell: ({ account }) => <Link href={`/accounts/${encodeURIComponent(account)}`}>{account}</Link>,
        },
        { name: text.why, cell: (row) => <Reasons of={row} /> },
        {
          name: text.balance,
          isNumber: true,
          cell: ({ total }) => (
            <span className={total.startsWith('-') ? styles.negative : undefined}>{yuan(total)}</span>
          ),
        },
        {
          name: text.commands,
          cell: ({ account, suspensions }) => (
            <div className={styles.commands}>
              <Deposit account={account} about={account} />
              <Lift
                account={account}
                about={account}
                isOffered={suspensions.some(({ reason }) => reason === 'prohibited')}
              />
            </div>
          ),
        },
      ]}
    />
  );
};

const Reasons = ({ of: { arrears, suspensions, freeze } }: { readonly of: NeededAccount }) => {
  const text = useText(inboxMessages);
  const { instant, month } = useInstants();
  const reasons = {
    arrears: text.forArrears,
    freeze_failed: text.forFreeze,
    prohibited: text.forProhibition,
  };
  const known = (reason: string): string => reasons[reason as keyof typeof reasons] ?? reason;
  return (
    <ul>
      {suspensions.map(({ reason, since, note }) => (
        <li key={`${reason} ${since}`}>
          {text.suspended(known(reason), instant(since))}
          {note === '' ? null : <span className={styles.small}>{note}</span>}
        </li>
      ))}
      {arrears ? (
        <li>
          {text.inArrears(instant(arrears.since))}
          {arrears.suspendsAt === null ? null : (
            <span className={styles.small}>{text.suspendsAt(instant(arrears.suspendsAt))}</span>
          )}
        </li>
      ) : null}
      {freeze ? (
        <li>
          {text.freezeFailed(month(freeze.month), yuan(freeze.amount), yuan(freeze.available))}
          <span className={styles.small}>{text.sinceWhen(instant(freeze.since))}</span>
        </li>
      ) : null}
    </ul>
  );
};
