/** Months that should be closed and are not: all accounts of a month, and those whose close is refused, with the reason. */
import { Link } from 'wouter';
import type { BlockedClose, Inbox } from '../../../../client/suanpan.ts';
import { useHeld } from '../../doing/held.ts';
import { counted, useInstants } from '../../format/format.ts';
import { useLedgerPages } from '../../ledger/pages.ts';
import { useBooksInForce } from '../../ledger/use-books.ts';
import { useText } from '../../messages/language.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { Table } from '../../parts/Table.tsx';
import { AgreePrice } from '../account/commands/AgreePrice.tsx';
import { CloseAccount, CloseMonth } from './commands.tsx';
import styles from './Inbox.module.css';
import { inboxMessages } from './messages.ts';

export const Closes = ({ inbox }: { readonly inbox: Inbox }) => {
  const text = useText(inboxMessages);
  const { month: monthName } = useInstants();
  const due = inbox.months.filter(({ isDue }) => isDue);
  const last = due.at(-1)?.month;
  if (last === undefined) return null;
  return (
    <section className={styles.part}>
      <h2>{text.closes}</h2>
      <ul className={styles.items}>
        {due.map(({ month, accounts }) => (
          <li key={month} className={styles.item}>
            <span>{text.monthOpen(monthName(month), counted(accounts))}</span>
            <CloseMonth month={month} />
          </li>
        ))}
      </ul>
      <Blocked month={last} />
    </section>
  );
};

const LIMIT = 20;

const Blocked = ({ month }: { readonly month: string }) => {
  const query = useLedgerPages(['ledger', 'inbox', 'blocked', month], ({ client, after, signal, cursor }) =>
    client.getMonthsBlocked(month, { after, cursor, limit: LIMIT }, { signal }),
  );
  return <Paged query={query}>{(items) => <Rows items={items} />}</Paged>;
};

const Rows = ({ items }: { readonly items: readonly BlockedClose[] }) => {
  const text = useText(inboxMessages);
  const { instant, month: monthName } = useInstants();
  const rows = useHeld(items);
  if (rows.length === 0) return <p>{text.noneRefused}</p>;
  return (
    <Table
      caption={text.refusedCloses}
      isCaptionShown
      rows={rows}
      keyOf={({ account }) => account}
      columns={[
        {
          name: text.account,
          cell: ({ account }) => <Link href={`/accounts/${encodeURIComponent(account)}`}>{account}</Link>,
        },
        { name: text.month, cell: (row) => monthName(row.month) },
        { name: text.why, cell: (row) => <Why of={row} /> },
        { name: text.since, cell: ({ since }) => instant(since) },
        { name: text.commands, cell: (row) => <Commands of={row} /> },
      ]}
    />
  );
};

const Why = ({ of: { code, detail, unpriced } }: { readonly of: BlockedClose }) => {
  const text = useText(inboxMessages);
  const { month } = useInstants();
  return (
    <span className={styles.text}>
      {unpriced ? text.unpriced(unpriced.meter, counted(unpriced.quantity), month(unpriced.month)) : detail}
      <code className={styles.small}>{code}</code>
    </span>
  );
};

const Commands = ({ of: { account, month, unpriced } }: { readonly of: BlockedClose }) => (
  <div className={styles.commands}>
    {unpriced ? <Agree account={account} {...unpriced} /> : null}
    <CloseAccount account={account} month={month} />
  </div>
);

interface AgreeProps {
  readonly account: string;
  readonly meter: string;
  readonly month: string;
}

/** Offered where the meter is still in a book in force; else it is agreed on the account's page. */
const Agree = ({ account, meter, month }: AgreeProps) => {
  const { data: books = [] } = useBooksInForce();
  const own = books
    .map((book) => ({ ...book, meters: book.meters.filter(({ id }) => id === meter) }))
    .filter(({ meters }) => meters.length > 0);
  return <AgreePrice account={account} books={own} from={month} about={`${account} · ${meter}`} />;
};
