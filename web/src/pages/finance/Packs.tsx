/** Packs of all accounts by pool: what was sold and is unused; each pool leads to its accounts. */
import { Link } from 'wouter';
import { counted, yuan } from '../../format/format.ts';
import { useLedgerPages } from '../../ledger/pages.ts';
import { useText } from '../../messages/language.tsx';
import { Empty } from '../../parts/Loaded.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import { holdingsHref } from './addresses.ts';
import styles from './Finance.module.css';
import { financeMessages } from './messages.ts';

interface PackCounts {
  readonly packs: number;
  readonly paid: string;
  readonly sold: number | string;
  readonly used: number | string;
  readonly forfeited: number | string;
  readonly voided: number | string;
  readonly unused: number | string;
}

export const Packs = () => {
  const text = useText(financeMessages);
  const columns = usePackColumns();
  const query = useLedgerPages(['ledger', 'finance', 'pools'], ({ client, after, cursor, signal }) =>
    client.getFinancePools({ after, cursor }, { signal }),
  );
  return (
    <section className={styles.part}>
      <h2>{text.packsTitle}</h2>
      <Paged query={query}>
        {(items) =>
          items.length === 0 ? (
            <Empty>{text.noPacks}</Empty>
          ) : (
            <Table
              caption={text.packsTitle}
              rows={items}
              keyOf={({ pool }) => pool}
              columns={[
                { name: text.pool, cell: ({ pool }) => <Link href={holdingsHref(pool)}>{pool}</Link> },
                ...columns,
              ]}
            />
          )
        }
      </Paged>
    </section>
  );
};

export const usePackColumns = (): readonly Column<PackCounts>[] => {
  const text = useText(financeMessages);
  const parts = ['packs', 'sold', 'used', 'forfeited', 'voided', 'unused'] as const;
  const names = { ...text, packs: text.packsSold };
  const [packs, ...calls] = parts.map((part) => ({
    name: names[part],
    isNumber: true,
    cell: (one: PackCounts) => counted(one[part]),
  }));
  const paid = { name: text.paid, isNumber: true, cell: (one: PackCounts) => yuan(one.paid) };
  return [...(packs ? [packs] : []), paid, ...calls];
};
