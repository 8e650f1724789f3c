/** Keys there are and were. */
import type { Key } from '../../../../client/suanpan.ts';
import { useInstants } from '../../format/format.ts';
import { useLedgerPages } from '../../ledger/pages.ts';
import { useText } from '../../messages/language.tsx';
import { Empty } from '../../parts/Loaded.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { Table } from '../../parts/Table.tsx';
import { CreateKey, RevokeKey, RotateKey } from './KeyCommands.tsx';
import { settingsMessages } from './messages.ts';
import styles from './Settings.module.css';

/** Made from the server's settings: no command changes it. */
const FIRST = 'first';

export const Keys = () => {
  const text = useText(settingsMessages);
  const { instant } = useInstants();
  const query = useLedgerPages(['ledger', 'keys'], ({ client, signal, cursor }) =>
    client.getKeys({ cursor, limit: 200 }, { signal }),
  );
  return (
    <section className={styles.part}>
      <div className={styles.head}>
        <h2>{text.keys}</h2>
        <CreateKey />
      </div>
      <Paged query={query}>
        {(keys) =>
          keys.length === 0 ? (
            <Empty>{text.noKeys}</Empty>
          ) : (
            <Table
              caption={text.keys}
              rows={keys}
              keyOf={({ key }) => key}
              columns={[
                { name: text.name, cell: ({ name }) => name },
                { name: text.prefix, cell: ({ prefix }) => <span className={styles.mono}>{prefix}</span> },
                { name: text.scopes, cell: ({ scopes }) => scopes.join(', ') },
                { name: text.accounts, cell: ({ accounts }) => accounts?.join(', ') ?? text.all },
                {
                  name: text.created,
                  cell: ({ key, createdAt }) => (key === FIRST ? '–' : instant(createdAt)),
                },
                {
                  name: text.expires,
                  cell: ({ expiresAt }) => (expiresAt === null ? text.never : instant(expiresAt)),
                },
                {
                  name: text.lastUsed,
                  cell: ({ lastUsedAt }) => (lastUsedAt === null ? '–' : instant(lastUsedAt)),
                },
                {
                  name: text.state,
                  cell: (key) => (
                    <span className={styles.state}>
                      <State of={key} />
                    </span>
                  ),
                },
                {
                  name: text.actions,
                  cell: (key) => (
                    <div className={styles.row}>
                      <RotateKey of={key} isOffered={isGood(key) && key.revokedAt === null} />
                      <RevokeKey of={key} isOffered={isGood(key)} />
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

/** Keys end by the system's clock, not the ledger's. */
const isOver = (instant: string | null): boolean => instant !== null && Date.parse(instant) <= Date.now();
const isGood = ({ key, revokedAt, expiresAt }: Key): boolean =>
  key !== FIRST && !isOver(revokedAt) && !isOver(expiresAt);

const State = ({ of: { revokedAt, expiresAt } }: { readonly of: Key }) => {
  const text = useText(settingsMessages);
  const { instant } = useInstants();
  if (revokedAt !== null)
    return isOver(revokedAt) ? text.revoked(instant(revokedAt)) : text.revokes(instant(revokedAt));
  return isOver(expiresAt) ? text.expired : text.active;
};
