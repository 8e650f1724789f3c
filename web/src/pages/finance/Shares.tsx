/** The accounts that made a figure of a month, each with its share: the figure is their sum. Or those not billed yet. */
import { Link, useParams, useSearch } from 'wouter';
import { counted, useInstants, yuan } from '../../format/format.ts';
import { useLedgerPages } from '../../ledger/pages.ts';
import { useText } from '../../messages/language.tsx';
import { Empty } from '../../parts/Loaded.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import { billHref, isMonth, KINDS, type Kind, monthHref } from './addresses.ts';
import { financeMessages } from './messages.ts';
import { useProductName } from './Revenue.tsx';

const Shares = () => {
  const text = useText(financeMessages);
  const { month: monthText } = useInstants();
  const nameOf = useProductName();
  const { month = '', kind: given = '' } = useParams();
  const product = new URLSearchParams(useSearch()).get('product') ?? '';
  const kind = KINDS.find((one) => one === given);
  const of = kind === undefined ? text.unbilled : text[kind];
  const name = isMonth(month) ? monthText(month) : month;
  const title = [name, of, ...(product === '' ? [] : [nameOf(product)])].join(' · ');
  return (
    <>
      <title>{`${title} – Suanpan`}</title>
      <p>
        <Link href={monthHref(month)}>{name}</Link>
      </p>
      <PageHead title={title} />
      {kind === undefined ? (
        <Unbilled month={month} title={title} />
      ) : (
        <List key={`${month} ${kind} ${product}`} of={{ month, kind, product }} title={title} />
      )}
    </>
  );
};

interface ListOf {
  readonly month: string;
  readonly kind: Kind;
  readonly product: string;
}

const List = ({ of: { month, kind, product }, title }: { readonly of: ListOf; readonly title: string }) => {
  const text = useText(financeMessages);
  const query = useLedgerPages(
    ['ledger', 'finance', 'shares', month, kind, product],
    ({ client, after, cursor, signal }) =>
      client.getFinanceMonthsShares(month, { kind, product, after, cursor }, { signal }),
  );
  const href = (account: string): string =>
    kind === 'packs'
      ? `/accounts/${encodeURIComponent(account)}/packs`
      : kind === 'credits'
        ? `/accounts/${encodeURIComponent(account)}/events`
        : billHref(account, month);
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
              ACCOUNT(text.account),
              {
                name: text.amount,
                isNumber: true,
                cell: ({ account, amount }) => <Link href={href(account)}>{yuan(amount)}</Link>,
              },
              { name: text.count, isNumber: true, cell: ({ count }) => counted(count) },
            ]}
          />
        )
      }
    </Paged>
  );
};

const ACCOUNT = (name: string): Column<{ readonly account: string }> => ({
  name,
  cell: ({ account }) => <Link href={`/accounts/${encodeURIComponent(account)}`}>{account}</Link>,
});

const Unbilled = ({ month, title }: { readonly month: string; readonly title: string }) => {
  const text = useText(financeMessages);
  const { month: monthText } = useInstants();
  const query = useLedgerPages(
    ['ledger', 'finance', 'unbilled', month],
    ({ client, after, cursor, signal }) =>
      client.getFinanceMonthsUnbilled(month, { after, cursor }, { signal }),
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
              ACCOUNT(text.account),
              { name: text.next, cell: ({ next }) => monthText(next) },
              {
                name: text.why,
                cell: ({ blocked }) =>
                  blocked
                    ? text.noPrice(blocked.meter, counted(blocked.quantity), monthText(blocked.month))
                    : text.notYet,
              },
            ]}
          />
        )
      }
    </Paged>
  );
};

export default Shares;
