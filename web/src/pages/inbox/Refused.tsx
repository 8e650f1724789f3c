/** Usage that was refused lately, by reason and where it came from; the log has each report as received. */
import { Link } from 'wouter';
import type { Inbox } from '../../../../client/suanpan.ts';
import { counted, useInstants } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import { Table } from '../../parts/Table.tsx';
import styles from './Inbox.module.css';
import { inboxMessages } from './messages.ts';

export const Refused = ({ inbox: { refused } }: { readonly inbox: Inbox }) => {
  const text = useText(inboxMessages);
  const { instant } = useInstants();
  if (refused.reports === 0) return null;
  return (
    <section className={styles.part}>
      <h2>{text.refused}</h2>
      <p>{text.refusedCount(counted(refused.reports), refused.since)}</p>
      <Table
        caption={text.refused}
        rows={refused.groups}
        keyOf={({ code, source, key }) => JSON.stringify([code, source, key])}
        columns={[
          {
            name: text.why,
            cell: ({ code, last }) => (
              <>
                <code>{code}</code>
                {last.detail === null ? null : <span className={styles.small}>{last.detail}</span>}
              </>
            ),
          },
          {
            name: text.source,
            cell: ({ source }) => <span className={styles.text}>{source ?? text.noSource}</span>,
          },
          { name: text.key, cell: ({ key }) => key ?? text.imported },
          { name: text.reports, isNumber: true, cell: ({ reports }) => counted(reports) },
          {
            name: text.last,
            cell: ({ last }) => (
              <>
                {instant(last.at)}
                <Link
                  className={styles.small ?? ''}
                  href={
                    last.account === null
                      ? '/refused-usage'
                      : `/refused-usage/${encodeURIComponent(last.account)}`
                  }
                >
                  {text.logOf(last.account ?? text.noAccount)}
                </Link>
              </>
            ),
          },
        ]}
      />
      {refused.others === 0 ? null : <p>{text.others(counted(refused.others))}</p>}
    </section>
  );
};
