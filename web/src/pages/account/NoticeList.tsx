/** Notices to the account holder, the newest first of what was read. */
import { useInstants } from '../../format/format.ts';
import { useLedgerPages } from '../../ledger/pages.ts';
import { useText } from '../../messages/language.tsx';
import { Empty } from '../../parts/Loaded.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { Table } from '../../parts/Table.tsx';
import styles from './Account.module.css';
import { accountMessages } from './messages.ts';

export const NoticeList = ({ account }: { readonly account: string }) => {
  const text = useText(accountMessages);
  const { instant } = useInstants();
  const query = useLedgerPages(['account', account, 'notices'], ({ client, after, signal, cursor }) =>
    client.getAccountsNotices(account, { after, cursor }, { signal }),
  );
  return (
    <section className={styles.part}>
      <h2>{text.notices}</h2>
      <Paged query={query}>
        {(notices) =>
          notices.length === 0 ? (
            <Empty>{text.noNotices}</Empty>
          ) : (
            <Table
              caption={text.notices}
              rows={[...notices].reverse()}
              keyOf={({ id }) => id}
              columns={[
                { name: text.when, cell: ({ at }) => instant(at) },
                { name: text.notice, cell: ({ kind }) => kind.replaceAll('_', ' ') },
                { name: text.about, cell: ({ about }) => membersText(about) },
                { name: text.channels, cell: ({ channels }) => channels.join(', ') },
              ]}
            />
          )
        }
      </Paged>
    </section>
  );
};

const membersText = (about: Readonly<Record<string, unknown>>): string =>
  Object.entries(about)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
