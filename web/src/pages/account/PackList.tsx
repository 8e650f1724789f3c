/** Packs: the usable ones in the order in which they expire, and all that were, for ever. */
import type { Pack } from '../../../../client/suanpan.ts';
import { counted, useInstants, yuan } from '../../format/format.ts';
import { useLedgerPages } from '../../ledger/pages.ts';
import { useText } from '../../messages/language.tsx';
import { Empty } from '../../parts/Loaded.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { Table } from '../../parts/Table.tsx';
import styles from './Account.module.css';
import { accountMessages } from './messages.ts';

export const PackList = ({ account }: { readonly account: string }) => {
  const text = useText(accountMessages);
  const query = useLedgerPages(['account', account, 'packs'], ({ client, after, signal, cursor }) =>
    client.getAccountsPacks(account, { after, cursor, limit: 200 }, { signal }),
  );
  return (
    <div className={styles.parts}>
      <Paged query={query}>
        {(packs) => {
          if (packs.length === 0) return <Empty>{text.noPacks}</Empty>;
          const usable = packs.filter(({ state }) => state === 'usable');
          const others = packs.filter(({ state }) => state !== 'usable');
          return (
            <>
              <section className={styles.part}>
                <h2>{text.usableFirst}</h2>
                {usable.length === 0 ? (
                  <Empty>{text.noUsablePacks}</Empty>
                ) : (
                  <PackTable name={text.usableFirst} packs={byExpiry(usable)} />
                )}
              </section>
              {others.length === 0 ? null : (
                <section className={styles.part}>
                  <h2>{text.otherPacks}</h2>
                  <PackTable name={text.otherPacks} packs={others} />
                </section>
              )}
            </>
          );
        }}
      </Paged>
    </div>
  );
};

const byExpiry = (packs: readonly Pack[]): readonly Pack[] =>
  [...packs].sort((a, b) => a.expiresAt.localeCompare(b.expiresAt) || a.pack.localeCompare(b.pack));

const PackTable = ({ name, packs }: { readonly name: string; readonly packs: readonly Pack[] }) => {
  const text = useText(accountMessages);
  const { date } = useInstants();
  const states = { usable: text.usable, used_up: text.usedUp, expired: text.expired, void: text.voided };
  return (
    <Table
      caption={name}
      rows={packs}
      keyOf={({ pack }) => pack}
      columns={[
        { name: text.pack, cell: ({ pack }) => <span className={styles.mono}>{pack}</span> },
        { name: text.pool, cell: ({ pool }) => pool },
        {
          name: text.left,
          isNumber: true,
          cell: ({ pack, remaining, size }) => (
            <>
              <progress className={styles.meter} aria-label={pack} value={remaining} max={size} />{' '}
              {text.remainingOf(counted(remaining), counted(size))}
            </>
          ),
        },
        { name: text.forfeited, isNumber: true, cell: ({ forfeited }) => counted(forfeited) },
        { name: text.price, isNumber: true, cell: ({ price }) => yuan(price) },
        { name: text.bought, cell: ({ purchasedAt }) => date(purchasedAt) },
        { name: text.expires, cell: ({ expiresAt }) => date(expiresAt) },
        { name: text.state, cell: ({ state }) => states[state] },
      ]}
    />
  );
};
