/** The accounts that the key may see: looked for, filtered and put in order, page by page. */
import { useEffect } from 'react';
import { Link } from 'wouter';
import type { Suanpan } from '../../../../client/suanpan.ts';
import { useInstants, yuan } from '../../format/format.ts';
import { itemsOf, type PagedQuery, useLedgerPages } from '../../ledger/pages.ts';
import { useText } from '../../messages/language.tsx';
import { Empty } from '../../parts/Loaded.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { type Column, Table } from '../../parts/Table.tsx';
import { useSession } from '../../session/session.tsx';
import { OpenAccount } from '../account/commands/OpenAccount.tsx';
import styles from './Accounts.module.css';
import { accountsHref, type Sort, useAsked } from './asked.ts';
import { Filters } from './Filters.tsx';
import { accountsMessages } from './messages.ts';

type Listed = Awaited<ReturnType<Suanpan['getAccounts']>>['items'][number];

const Accounts = () => {
  const text = useText(accountsMessages);
  const { accounts } = useSession();
  return (
    <>
      <title>{`${text.title} – Suanpan`}</title>
      <PageHead title={text.title}>
        <OpenAccount />
      </PageHead>
      {/* A key of few accounts has nothing to look for. */}
      {accounts === null ? <Filters /> : null}
      <List />
    </>
  );
};

const List = () => {
  const text = useText(accountsMessages);
  const { asked } = useAsked();
  const query = useLedgerPages(
    ['ledger', 'accounts', asked],
    ({ client, after, cursor, signal }) => client.getAccounts({ ...asked, after, cursor }, { signal }),
    { keepsEarlier: true },
  );
  useWholePage(query);
  const columns = useColumns();
  const isFound = query.data === undefined || itemsOf(query.data).length > 0;
  const isLooking = query.isPlaceholderData || (query.isFetchingNextPage && !isFound);
  return (
    <div aria-busy={isLooking} className={isLooking ? styles.looking : undefined}>
      <Paged query={query}>
        {(items) =>
          items.length > 0 ? (
            <Table caption={text.title} rows={items} keyOf={({ account }) => account} columns={columns} />
          ) : query.hasNextPage ? (
            <Empty>{text.looking}</Empty>
          ) : (
            <Empty>{Object.keys(asked).length === 0 ? text.empty : text.none}</Empty>
          )
        }
      </Paged>
    </div>
  );
};

/** A page of the API may have few accounts and a next one: enough of them are read to fill a page here. */
const ENOUGH = 50;
const useWholePage = ({ data, hasNextPage, isFetching, fetchNextPage }: PagedQuery<Listed>): void => {
  const isShort = data !== undefined && itemsOf(data).length < ENOUGH;
  useEffect(() => {
    if (isShort && hasNextPage && !isFetching) void fetchNextPage();
  }, [isShort, hasNextPage, isFetching, fetchNextPage]);
};

const useColumns = (): readonly Column<Listed>[] => {
  const text = useText(accountsMessages);
  const { date } = useInstants();
  const { asked } = useAsked();
  /** The other way about where the list is in this order already; amounts begin with the greatest. */
  const sorted = (sort: Sort) => {
    const first = sort === 'balance' || sort === 'frozen' || sort === 'opened' ? 'down' : 'up';
    const isNow = (asked.sort ?? 'account') === sort;
    const now = asked.order ?? 'up';
    const order = isNow ? (now === 'up' ? 'down' : 'up') : first;
    return { href: accountsHref({ ...asked, sort, order }), ...(isNow ? { is: now } : {}) } as const;
  };
  return [
    {
      name: text.account,
      sorted: sorted('account'),
      cell: ({ account }) => <Link href={`/accounts/${encodeURIComponent(account)}`}>{account}</Link>,
    },
    {
      name: text.name,
      sorted: sorted('name'),
      cell: ({ name }) => <bdi className={styles.name}>{name}</bdi>,
    },
    { name: text.status, cell: (one) => <Standing of={one} /> },
    {
      name: text.balance,
      isNumber: true,
      sorted: sorted('balance'),
      cell: ({ balance: { total } }) => (
        <span className={total.startsWith('-') ? styles.negative : undefined}>{yuan(total)}</span>
      ),
    },
    {
      name: text.frozen,
      isNumber: true,
      sorted: sorted('frozen'),
      cell: ({ balance }) => yuan(balance.frozen),
    },
    { name: text.available, isNumber: true, cell: ({ balance }) => yuan(balance.available) },
    { name: text.opened, sorted: sorted('opened'), cell: ({ openedAt }) => date(openedAt) },
    { name: text.services, cell: ({ services }) => services.join(', ') },
  ];
};

const Standing = ({ of: { status, suspensions } }: { readonly of: Listed }) => {
  const text = useText(accountsMessages);
  if (status === 'active') return <span className={styles.good}>{text.active}</span>;
  const reasons = [...new Set(suspensions.map(({ reason }) => reason))];
  const words = reasons.map((reason) => (reason in REASON_NAMES ? text[reason as Reason] : reason));
  return <span className={styles.bad}>{text.suspendedFor(words.join(text.and))}</span>;
};

const REASON_NAMES = { arrears: true, freeze_failed: true, prohibited: true } as const;
type Reason = keyof typeof REASON_NAMES;

export default Accounts;
