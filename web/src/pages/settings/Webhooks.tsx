/** Webhooks there are. */
import { useLedgerPages } from '../../ledger/pages.ts';
import { useText } from '../../messages/language.tsx';
import { Empty } from '../../parts/Loaded.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { Table } from '../../parts/Table.tsx';
import { settingsMessages } from './messages.ts';
import styles from './Settings.module.css';
import { AddWebhook, DeleteWebhook, RotateWebhook, TestWebhook } from './WebhookCommands.tsx';

export const Webhooks = () => {
  const text = useText(settingsMessages);
  const query = useLedgerPages(['ledger', 'webhooks'], ({ client, signal, cursor }) =>
    client.getWebhooks({ cursor, limit: 200 }, { signal }),
  );
  return (
    <section className={styles.part}>
      <div className={styles.head}>
        <h2>{text.webhooks}</h2>
        <AddWebhook />
      </div>
      <Paged query={query}>
        {(webhooks) =>
          webhooks.length === 0 ? (
            <Empty>{text.noWebhooks}</Empty>
          ) : (
            <Table
              caption={text.webhooks}
              rows={webhooks}
              keyOf={({ webhook }) => webhook}
              columns={[
                { name: text.url, cell: ({ url }) => <span className={styles.url}>{url}</span> },
                { name: text.types, cell: ({ types }) => types.join(', ') },
                { name: text.accounts, cell: ({ accounts }) => accounts?.join(', ') ?? text.all },
                {
                  name: text.actions,
                  cell: (webhook) => (
                    <div className={styles.row}>
                      <TestWebhook of={webhook} />
                      <RotateWebhook of={webhook} />
                      <DeleteWebhook of={webhook} />
                    </div>
                  ),
                },
              ]}
            />
          )
        }
      </Paged>
    </section>
  );
};
