/** Packs that were sold and are not used up, by pool, and those that expire soon, with the accounts that have them. */
import { Link } from 'wouter';
import type { Overview } from '../../../../client/suanpan.ts';
import { counted, useInstants } from '../../format/format.ts';
import { useLedgerPages } from '../../ledger/pages.ts';
import { useText } from '../../messages/language.tsx';
import { Empty } from '../../parts/Loaded.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { Table } from '../../parts/Table.tsx';
import { overviewMessages } from './messages.ts';
import styles from './Overview.module.css';

const LIMIT = 20;

export const Packs = ({ overview: { packs } }: { readonly overview: Overview }) => {
  const text = useText(overviewMessages);
  const soon = packs.expiring.reduce((sum, one) => sum + one.packs, 0);
  return (
    <section className={styles.part} id="packs">
      <h2>{text.packs}</h2>
      {packs.pools.length === 0 ? (
        <Empty>{text.noPacks}</Empty>
      ) : (
        <>
          <Table
            caption={text.packs}
            rows={packs.pools}
            keyOf={({ pool }) => pool}
            columns={[
              { name: text.pool, cell: ({ pool }) => pool },
              { name: text.packCount, isNumber: true, cell: (row) => counted(row.packs) },
              { name: text.untouched, isNumber: true, cell: ({ untouched }) => counted(untouched) },
              { name: text.left, isNumber: true, cell: ({ calls }) => counted(calls) },
            ]}
          />
          <h3>{text.expiring(counted(soon))}</h3>
          {packs.expiring.length === 0 ? null : (
            <Table
              caption={text.expiringByDay}
              rows={packs.expiring}
              keyOf={({ day }) => day}
              columns={[
                { name: text.expires, cell: ({ day }) => day },
                { name: text.packCount, isNumber: true, cell: (row) => counted(row.packs) },
                { name: text.left, isNumber: true, cell: ({ calls }) => counted(calls) },
              ]}
            />
          )}
          <details>
            <summary>{text.nextToExpire}</summary>
            <Next />
          </details>
        </>
      )}
    </section>
  );
};

const Next = () => {
  const text = useText(overviewMessages);
  const { instant } = useInstants();
  const query = useLedgerPages(['ledger', 'overview', 'packs'], ({ client, after, signal, cursor }) =>
    client.getOverviewPacks({ after, cursor, limit: LIMIT }, { signal }),
  );
  return (
    <Paged query={query}>
      {(items) => (
        <Table
          caption={text.nextToExpire}
          rows={items}
          keyOf={({ account, pack }) => `${account} ${pack}`}
          columns={[
            {
              name: text.account,
              cell: ({ account }) => (
                <Link href={`/accounts/${encodeURIComponent(account)}/packs`}>{account}</Link>
              ),
            },
            { name: text.pool, cell: ({ pool }) => pool },
            {
              name: text.left,
              isNumber: true,
              cell: ({ left, size }) => text.leftOf(counted(left), counted(size)),
            },
            { name: text.expires, cell: ({ expiresAt }) => instant(expiresAt) },
          ]}
        />
      )}
    </Paged>
  );
};
