/** The log of refused usage: of an account, or of reports that name none that exists; as received, the oldest first. */
import { useParams } from 'wouter';
import { useInstants } from '../../format/format.ts';
import { useLedgerPages } from '../../ledger/pages.ts';
import { useText } from '../../messages/language.tsx';
import { Empty } from '../../parts/Loaded.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { Table } from '../../parts/Table.tsx';
import { refusedUsageMessages } from './messages.ts';
import styles from './RefusedUsage.module.css';

const LIMIT = 200;

const RefusedUsage = () => {
  const text = useText(refusedUsageMessages);
  const { account } = useParams();
  const { instant } = useInstants();
  const title = account === undefined ? text.ofNone : text.of(account);
  const query = useLedgerPages(['ledger', 'refused usage', account], ({ client, after, signal, cursor }) =>
    account === undefined
      ? client.getRefusedUsage({ after, cursor, limit: LIMIT }, { signal })
      : client.getAccountsRefusedUsage(account, { after, cursor, limit: LIMIT }, { signal }),
  );
  return (
    <>
      <title>{`${title} – Suanpan`}</title>
      <h1>{title}</h1>
      <Paged query={query}>
        {(items) =>
          items.length === 0 ? (
            <Empty>{text.none}</Empty>
          ) : (
            <Table
              caption={title}
              rows={items}
              keyOf={(_, i) => String(i)}
              columns={[
                { name: text.when, cell: ({ at }) => instant(at) },
                {
                  name: text.why,
                  cell: ({ code, detail }) => (
                    <>
                      <code>{code}</code> <span className={styles.detail}>{detail}</span>
                    </>
                  ),
                },
                {
                  name: text.report,
                  cell: ({ record, text: raw, base64 }) => (
                    <code className={styles.report}>{base64 ?? raw ?? JSON.stringify(record)}</code>
                  ),
                },
              ]}
            />
          )
        }
      </Paged>
    </>
  );
};

export default RefusedUsage;
