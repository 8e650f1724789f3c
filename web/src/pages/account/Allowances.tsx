/** What is left of the free allowances of the month. */
import type { Allowance } from '../../../../client/suanpan.ts';
import { counted } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import { Empty, Loaded } from '../../parts/Loaded.tsx';
import { Table } from '../../parts/Table.tsx';
import styles from './Account.module.css';
import { accountMessages } from './messages.ts';
import { useAccountQuery } from './moment/moment.tsx';

export const Allowances = ({ account }: { readonly account: string }) => {
  const text = useText(accountMessages);
  const query = useAccountQuery(account, ['allowances'], ({ client, after, at, signal }) =>
    client.getAccountsAllowances(account, { after, ...at }, { signal }),
  );
  return (
    <section className={styles.part}>
      <h2>{text.allowances}</h2>
      <Loaded query={query} lines={8}>
        {({ items }) => (items.length === 0 ? <Empty>{text.noAllowances}</Empty> : <Pools pools={items} />)}
      </Loaded>
    </section>
  );
};

/** The pools that something was used of; the others on request. */
const Pools = ({ pools }: { readonly pools: readonly Allowance[] }) => {
  const text = useText(accountMessages);
  const used = pools.filter((pool) => pool.used > 0);
  const others = pools.filter((pool) => pool.used === 0);
  return (
    <>
      {used.length === 0 ? null : <PoolTable name={text.allowances} pools={used} />}
      {others.length === 0 ? null : (
        <details open={used.length === 0 && others.length <= FEW}>
          <summary>{text.untouched(String(others.length))}</summary>
          <PoolTable name={text.untouched(String(others.length))} pools={others} />
        </details>
      )}
    </>
  );
};

const FEW = 8;

interface PoolTableProps {
  readonly name: string;
  readonly pools: readonly Allowance[];
}

const PoolTable = ({ name, pools }: PoolTableProps) => {
  const text = useText(accountMessages);
  return (
    <Table
      caption={name}
      rows={pools}
      keyOf={({ pool }) => pool}
      columns={[
        { name: text.pool, cell: ({ pool }) => pool },
        {
          name: text.left,
          isNumber: true,
          cell: ({ pool, left, granted }) => (
            <>
              <progress className={styles.meter} aria-label={pool} value={left} max={granted} />{' '}
              {counted(left)}
            </>
          ),
        },
        { name: text.used, isNumber: true, cell: ({ used }) => counted(used) },
        { name: text.granted, isNumber: true, cell: ({ granted }) => counted(granted) },
      ]}
    />
  );
};
