/** The month-end checklist: which months are closed, what is not yet billed, and what is in the way. */
import { Link } from 'wouter';
import { counted, useInstants } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import { Table } from '../../parts/Table.tsx';
import { type FinanceMonth, monthHref, sharesHref, unbilledHref } from './addresses.ts';
import styles from './Finance.module.css';
import { financeMessages } from './messages.ts';

export const Checklist = ({ months }: { readonly months: readonly FinanceMonth[] }) => {
  const text = useText(financeMessages);
  const { month: monthText } = useInstants();
  return (
    <section className={styles.part}>
      <h2>{text.checklist}</h2>
      <Table
        caption={text.checklist}
        rows={months}
        keyOf={({ month }) => month}
        columns={[
          {
            name: text.month,
            cell: ({ month }) => <Link href={monthHref(month)}>{monthText(month)}</Link>,
          },
          { name: text.state, cell: (one) => <State of={one} /> },
          {
            name: text.billed,
            isNumber: true,
            cell: ({ month, accounts }) => (
              <Count href={sharesHref(month, 'bills')} count={accounts.billed} />
            ),
          },
          {
            name: text.unbilled,
            isNumber: true,
            cell: ({ month, accounts }) => <Count href={unbilledHref(month)} count={accounts.unbilled} />,
          },
          {
            name: text.waiting,
            isNumber: true,
            cell: ({ month, accounts }) => <Count href={unbilledHref(month)} count={accounts.blocked} />,
          },
        ]}
      />
    </section>
  );
};

const Count = ({ href, count }: { readonly href: string; readonly count: number }) =>
  count === 0 ? '0' : <Link href={href}>{counted(count)}</Link>;

const State = ({ of: { isOver, accounts } }: { readonly of: FinanceMonth }) => {
  const text = useText(financeMessages);
  if (!isOver) return <span className={styles.plain}>{text.running}</span>;
  if (accounts.unbilled === 0) return <span className={styles.good}>{text.closed}</span>;
  if (accounts.blocked > 0) return <span className={styles.bad}>{text.blocked}</span>;
  return <span className={styles.warn}>{text.toClose}</span>;
};
