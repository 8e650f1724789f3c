/** The issued bills of the account. */
import { Link } from 'wouter';
import { useInstants, yuan } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import { Empty } from '../../parts/Loaded.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { Table } from '../../parts/Table.tsx';
import styles from './Account.module.css';
import { accountMessages } from './messages.ts';
import { useAccountPages } from './moment/moment.tsx';

export const BillList = ({ account }: { readonly account: string }) => {
  const text = useText(accountMessages);
  const { instant, month } = useInstants();
  const query = useAccountPages(account, ['bills'], ({ client, after, at, signal, cursor }) =>
    client.getAccountsBills(account, { after, ...at, cursor }, { signal }),
  );
  return (
    <section className={styles.part}>
      <h2>{text.bills}</h2>
      <Paged query={query}>
        {(bills) =>
          bills.length === 0 ? (
            <Empty>{text.noBills}</Empty>
          ) : (
            <Table
              caption={text.bills}
              rows={[...bills].reverse()}
              keyOf={(bill) => bill.month}
              columns={[
                {
                  name: text.month,
                  cell: (bill) => (
                    <Link
                      className={styles.whole}
                      href={`/accounts/${encodeURIComponent(account)}/bills/${bill.month}`}
                    >
                      {month(bill.month)}
                    </Link>
                  ),
                },
                { name: text.due, isNumber: true, cell: ({ due }) => yuan(due) },
                { name: text.sum, isNumber: true, cell: ({ total }) => yuan(total) },
                { name: text.issued, cell: ({ issuedAt }) => instant(issuedAt) },
                {
                  name: text.digest,
                  cell: ({ digest }) => <span className={styles.mono}>{digest.slice(0, 16)}…</span>,
                },
              ]}
            />
          )
        }
      </Paged>
    </section>
  );
};
