/** The keys that sign checkpoints and bundles: there is a new one, and one can be declared void. */
import { CommandDialog } from '../../doing/CommandDialog.tsx';
import { useInstants } from '../../format/format.ts';
import { useLedgerQuery } from '../../ledger/queries.ts';
import { useText } from '../../messages/language.tsx';
import { Empty, Loaded } from '../../parts/Loaded.tsx';
import { Table } from '../../parts/Table.tsx';
import { settingsMessages } from './messages.ts';
import styles from './Settings.module.css';

export const SigningKeys = () => {
  const text = useText(settingsMessages);
  const { instant } = useInstants();
  const query = useLedgerQuery(['ledger', 'signing-keys'], ({ client, signal }) =>
    client.getSigningKeys({ signal }),
  );
  return (
    <section className={styles.part}>
      <div className={styles.head}>
        <h2>{text.signingKeys}</h2>
        <CommandDialog
          {...{ label: text.newSigningKey, scope: 'admin', isAudited: false, initial: {} }}
          send={(client, _values, ...sent) => client.postSigningKeys(...sent)}
          said={(made) => [
            { name: text.verifierKey, value: made.key },
            { name: text.vouched, value: made.statement },
          ]}
          final={text.newSigningKeyFinal}
        />
      </div>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>{text.noSigningKeys}</Empty>
          ) : (
            <Table
              caption={text.signingKeys}
              rows={items}
              keyOf={({ id }) => id}
              columns={[
                { name: text.verifierKey, cell: ({ key }) => <span className={styles.url}>{key}</span> },
                { name: text.created, cell: ({ addedAt }) => instant(addedAt) },
                { name: text.state, cell: ({ revoked }) => (revoked ? text.void : text.active) },
                {
                  name: text.actions,
                  cell: ({ id, revoked }) => (
                    <CommandDialog
                      {...{ label: text.revoke, about: id, scope: 'admin', isAudited: false }}
                      {...{ kind: 'danger', initial: {}, isOffered: !revoked }}
                      send={(client, _values, ...sent) => client.deleteSigningKeysOne(id, ...sent)}
                      said={({ key }) => [{ name: text.verifierKey, value: key }]}
                      final={text.revokeSigningKeyFinal}
                    />
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
    </section>
  );
};
