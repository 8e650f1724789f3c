/** Notices to the account holder, the newest first. */
import { counted, useInstants, yuan } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import { Empty } from '../../parts/Loaded.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { Table } from '../../parts/Table.tsx';
import styles from './Account.module.css';
import { accountMessages } from './messages.ts';
import { useAccountPages } from './moment/moment.tsx';
import { noticeMessages } from './notice-messages.ts';

export const NoticeList = ({ account }: { readonly account: string }) => {
  const text = useText(accountMessages);
  const { instant } = useInstants();
  const said = useNoticeText();
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
                { name: text.about, cell: ({ kind, about }) => said.about(kind, about) },
                { name: text.channels, cell: ({ channels }) => said.channels(channels) },
              ]}
            />
          )
        }
      </Paged>
    </section>
  );
};

type About = Readonly<Record<string, string | number>>;

const useNoticeText = () => {
  const text = useText(noticeMessages);
  const account = useText(accountMessages);
  const { instant, month } = useInstants();
  const reasons: Readonly<Record<string, string>> = {
    arrears: account.arrears,
    freeze_failed: account.freeze_failed,
    prohibited: account.prohibited,
  };
  const channels: Readonly<Record<string, string>> = {
    in_app: text.in_app,
    email: text.email,
    sms: text.sms,
    wechat: text.wechat,
  };
  const ABOUT: Readonly<Record<string, (told: (name: string) => string) => string>> = {
    pack_low: (told) => text.pack_low(counted(told('left')), told('pool')),
    pack_exhausted: (told) => text.pack_exhausted(told('pool')),
    pack_expiring: (told) =>
      text.pack_expiring(told('pack'), told('pool'), counted(told('left')), instant(told('expiresAt'))),
    bill_issued: (told) => text.bill_issued(month(told('month')), yuan(told('due')), yuan(told('total'))),
    freeze_failed: (told) => text.freeze_failed(month(told('month')), yuan(told('amount'))),
    suspended: (told) => reasons[told('reason')] ?? told('reason'),
    resumed: (told) => reasons[told('reason')] ?? told('reason'),
    price_not_agreed: (told) =>
      text.price_not_agreed(month(told('month')), told('meter'), counted(told('quantity'))),
  };
  return {
    /** A kind that this page does not know is shown as it is stored. */
    about: (kind: string, about: About): string =>
      ABOUT[kind]?.((name) => String(about[name] ?? '')) ??
      Object.entries(about)
        .map(([name, value]) => `${name} ${value}`)
        .join(text.and),
    channels: (names: readonly string[]): string =>
      names.map((name) => channels[name] ?? name).join(text.and),
  };
};
