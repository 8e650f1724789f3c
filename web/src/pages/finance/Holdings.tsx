/** Packs of a pool by account: what each bought, used and still has. */
import { Link, useSearch } from 'wouter';
import { useLedgerPages } from '../../ledger/pages.ts';
import { useText } from '../../messages/language.tsx';
import { Empty } from '../../parts/Loaded.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Table } from '../../parts/Table.tsx';
import { financeMessages } from './messages.ts';
import { usePackColumns } from './Packs.tsx';

const Holdings = () => {
  const text = useText(financeMessages);
  const pool = new URLSearchParams(useSearch()).get('pool') ?? '';
  const title = `${text.packsTitle} · ${pool}`;
  return (
    <>
      <title>{`${title} – Suanpan`}</title>
      <p>
        <Link href="/finance">{text.back}</Link>
      </p>
      <PageHead title={title} />
      {pool === '' ? <Empty>{text.none}</Empty> : <List key={pool} pool={pool} title={title} />}
    </>
  );
};

const List = ({ pool, title }: { readonly pool: string; readonly title: string }) => {
  const text = useText(financeMessages);
  const columns = usePackColumns();
  const query = useLedgerPages(['ledger', 'finance', 'holdings', pool], ({ client, after, cursor, signal }) =>
    client.getFinanceHoldings({ pool, after, cursor }, { signal }),
  );
  return (
    <Paged query={query}>
      {(items) =>
        items.length === 0 ? (
          <Empty>{text.none}</Empty>
        ) : (
          <Table
            caption={title}
            rows={items}
            keyOf={({ account }) => account}
            columns={[
              {
                name: text.account,
                cell: ({ account }) => (
                  <Link href={`/accounts/${encodeURIComponent(account)}/packs`}>{account}</Link>
                ),
              },
              ...columns,
            ]}
          />
        )
      }
    </Paged>
  );
};

export default Holdings;
