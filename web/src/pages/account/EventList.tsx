/** What happened to the account, event by event, as it is stored. */
import type { SealedEvent } from '../../../../client/suanpan.ts';
import { useInstants } from '../../format/format.ts';
import { useLedgerPages } from '../../ledger/pages.ts';
import { useText } from '../../messages/language.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { Table } from '../../parts/Table.tsx';
import styles from './Account.module.css';
import { accountMessages } from './messages.ts';

export const EventList = ({ account }: { readonly account: string }) => {
  const text = useText(accountMessages);
  const { instant } = useInstants();
  const query = useLedgerPages<SealedEvent>(
    ['account', account, 'events'],
    ({ client, after, signal, cursor }) => client.getAccountsEvents(account, { after, cursor }, { signal }),
  );
  return (
    <section className={styles.part}>
      <h2>{text.events}</h2>
      <Paged query={query}>
        {(events) => (
          <Table
            caption={text.events}
            rows={events}
            keyOf={({ revision }) => String(revision)}
            columns={[
              { name: text.revision, isNumber: true, cell: ({ revision }) => revision },
              { name: text.when, cell: ({ at }) => instant(at) },
              { name: text.event, cell: ({ type }) => type },
              { name: text.content, cell: ({ data }) => <Content data={data} /> },
              {
                name: text.hash,
                cell: ({ hash }) => <span className={styles.mono}>{hash.slice(0, 12)}…</span>,
              },
            ]}
          />
        )}
      </Paged>
    </section>
  );
};

const SHORT = 120;

const Content = ({ data }: { readonly data: unknown }) => {
  const whole = JSON.stringify(data);
  if (whole.length <= SHORT) return <code className={styles.mono}>{whole}</code>;
  return (
    <details>
      <summary className={styles.mono}>{whole.slice(0, SHORT)}…</summary>
      <pre className={styles.mono}>{JSON.stringify(data, null, 2)}</pre>
    </details>
  );
};
