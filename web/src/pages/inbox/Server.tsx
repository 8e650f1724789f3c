/** What the server that answers finds wrong with itself and its files. */
import { Link } from 'wouter';
import type { Inbox } from '../../../../client/suanpan.ts';
import { counted, useInstants } from '../../format/format.ts';
import { useLedgerPages } from '../../ledger/pages.ts';
import { useText } from '../../messages/language.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { Table } from '../../parts/Table.tsx';
import { SignCheckpoint } from './commands.tsx';
import styles from './Inbox.module.css';
import { inboxMessages } from './messages.ts';

export const Server = ({ inbox }: { readonly inbox: Inbox }) => {
  const text = useText(inboxMessages);
  const { instant } = useInstants();
  const { lag, checkpoint, backup, quarantined } = inbox;
  const isBackupOld = backup?.isOld ?? false;
  if (!lag.isLate && !checkpoint.isOld && !isBackupOld && quarantined === 0) return null;
  return (
    <section className={styles.part}>
      <h2>{text.server}</h2>
      <ul className={styles.items}>
        {lag.isLate ? <li>{text.late(counted(Math.round(lag.seconds)))}</li> : null}
        {checkpoint.isOld ? (
          <li className={styles.item}>
            <span>
              {checkpoint.signedAt === null
                ? text.neverSigned
                : text.oldCheckpoint(instant(checkpoint.signedAt))}
            </span>
            <SignCheckpoint />
          </li>
        ) : null}
        {backup && isBackupOld ? (
          <li>
            {backup.madeAt === null ? text.neverBackedUp : text.oldBackup(instant(backup.madeAt))}{' '}
            <code className={styles.small}>suanpan backup FILE</code>
          </li>
        ) : null}
      </ul>
      {quarantined === 0 ? null : <Quarantined count={quarantined} />}
    </section>
  );
};

const Quarantined = ({ count }: { readonly count: number }) => {
  const text = useText(inboxMessages);
  const query = useLedgerPages(['ledger', 'inbox', 'quarantine'], ({ client, after, signal, cursor }) =>
    client.getQuarantine({ after, cursor, limit: 50 }, { signal }),
  );
  return (
    <>
      <p>{text.unreadable(counted(count))}</p>
      <Paged query={query}>
        {(items) => (
          <Table
            caption={text.unreadableEvents}
            rows={items}
            keyOf={({ stream, revision }) => `${stream} ${revision}`}
            columns={[
              {
                name: text.stream,
                cell: ({ stream, account }) =>
                  account === null ? (
                    stream
                  ) : (
                    <Link href={`/accounts/${encodeURIComponent(account)}`}>{stream}</Link>
                  ),
              },
              { name: text.revision, isNumber: true, cell: ({ revision }) => counted(revision) },
              { name: text.why, cell: ({ why }) => <span className={styles.text}>{why}</span> },
            ]}
          />
        )}
      </Paged>
    </>
  );
};
