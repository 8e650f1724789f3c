/** Notices to the account holder, the newest first. */
import { useInstants } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import { Empty } from '../../parts/Loaded.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { Table } from '../../parts/Table.tsx';
import styles from './Account.module.css';
import { accountMessages } from './messages.ts';
import { useAccountPages } from './moment/moment.tsx';

export const NoticeList = ({ account }: { readonly account: string }) => {
  const text = useText(accountMessages);
  const { instant } = useInstants();
  const kinds: Readonly<Record<string, string>> = {
    pack_low: text.packLow,
    pack_exhausted: text.packExhausted,
    pack_expiring: text.packExpiring,
    bill_issued: text.billIssued,
    freeze_failed: text.freeze_failed,
    suspended: text.suspended,
    resumed: text.resumed,
    price_not_agreed: text.priceNotAgreed,
    spend_reached: text.spendReached,
    balance_low: text.balanceLow,
  };
  const query = useAccountPages(account, ['notices'], ({ client, after, at, signal, cursor }) =>
    client.getAccountsNotices(account, { after, ...at, cursor, order: 'newest' }, { signal }),
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
              rows={notices}
              keyOf={({ id }) => id}
              columns={[
                { name: text.when, cell: ({ at }) => instant(at) },
                { name: text.notice, cell: ({ kind }) => kinds[kind] ?? kind },
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
