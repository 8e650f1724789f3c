/** What is left of the free allowances of the month. */
import { counted } from '../../format/format.ts';
import { useLedgerQuery } from '../../ledger/queries.ts';
import { useText } from '../../messages/language.tsx';
import { Empty, Loaded } from '../../parts/Loaded.tsx';
import { Table } from '../../parts/Table.tsx';
import styles from './Account.module.css';
import { accountMessages } from './messages.ts';

export const Allowances = ({ account }: { readonly account: string }) => {
  const text = useText(accountMessages);
  const query = useLedgerQuery(['account', account, 'allowances'], ({ client, after, signal }) =>
    client.getAccountsAllowances(account, { after }, { signal }),
  );
  return (
    <section className={styles.part}>
      <h2>{text.allowances}</h2>
      <Loaded query={query} lines={8}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>{text.noAllowances}</Empty>
          ) : (
            <Table
              caption={text.allowances}
              rows={items}
              keyOf={({ pool }) => pool}
              columns={[
                { name: text.pool, cell: ({ pool }) => pool },
                {
                  name: text.left,
                  isNumber: true,
                  cell: ({ pool, left, granted }) => (
                    <>
                      <progress className={styles.meter} aria-label={pool} value={left} max={granted} />{' '}
                      {counted(left)}
                    </>
                  ),
                },
                { name: text.used, isNumber: true, cell: ({ used }) => counted(used) },
                { name: text.granted, isNumber: true, cell: ({ granted }) => counted(granted) },
              ]}
            />
          )
        }
      </Loaded>
    </section>
  );
};
