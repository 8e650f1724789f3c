/** Disputes of all accounts that the key sees, by state; the oldest first. */
import { Link, useSearch } from 'wouter';
import { useInstants } from '../../format/format.ts';
import { useLedgerPages } from '../../ledger/pages.ts';
import { useText } from '../../messages/language.tsx';
import { Empty } from '../../parts/Loaded.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { Table } from '../../parts/Table.tsx';
import styles from './Disputes.module.css';
import { disputesMessages } from './messages.ts';

const STATES = ['open', 'upheld', 'adjusted'] as const;
type State = (typeof STATES)[number];

const Disputes = () => {
  const text = useText(disputesMessages);
  const given = new URLSearchParams(useSearch()).get('state');
  // What is open needs somebody, so it is shown first.
  const state = given === 'all' ? undefined : (STATES.find((one) => one === given) ?? 'open');
  return (
    <>
      <title>{`${text.title} – Suanpan`}</title>
      <h1>{text.title}</h1>
      <nav aria-label={text.byState}>
        <ul className={styles.states}>
          {([...STATES, 'all'] as const).map((one) => (
            <li key={one}>
              <Link
                href={`/disputes?state=${one}`}
                aria-current={one === (state ?? 'all') ? 'page' : undefined}
              >
                {text[one]}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <List key={state} state={state} />
    </>
  );
};

const List = ({ state }: { readonly state: State | undefined }) => {
  const text = useText(disputesMessages);
  const { instant, month: monthText } = useInstants();
  const query = useLedgerPages(['ledger', 'disputes', state], ({ client, after, cursor, signal }) =>
    client.getDisputes({ state, after, cursor }, { signal }),
  );
  return (
    <Paged query={query}>
      {(items) =>
        items.length === 0 ? (
          <Empty>{text.none}</Empty>
        ) : (
          <Table
            caption={text.title}
            rows={items}
            keyOf={({ dispute }) => dispute}
            columns={[
              {
                name: text.dispute,
                cell: ({ dispute }) => <Link href={`/disputes/${dispute}`}>{dispute}</Link>,
              },
              {
                name: text.account,
                cell: ({ account }) => <Link href={`/accounts/${account}`}>{account}</Link>,
              },
              {
                name: text.bill,
                cell: ({ account, month, meter }) => (
                  <>
                    <Link href={billHref(account, month, meter)}>{monthText(month)}</Link>
                    <span className={styles.small}>{meter ?? text.whole}</span>
                  </>
                ),
              },
              { name: text.reason, cell: ({ reason }) => <span className={styles.reason}>{reason}</span> },
              { name: text.state, cell: (one) => text[one.state] },
              {
                name: text.opened,
                cell: ({ opened }) => (
                  <>
                    {instant(opened.at)}
                    {opened.by === null ? null : <span className={styles.small}>{text.by(opened.by)}</span>}
                  </>
                ),
              },
            ]}
          />
        )
      }
    </Paged>
  );
};

export const billHref = (account: string, month: string, meter: string | null): string =>
  `/accounts/${account}/bills/${month}${meter === null ? '' : `?line=${encodeURIComponent(meter)}`}`;

export default Disputes;
