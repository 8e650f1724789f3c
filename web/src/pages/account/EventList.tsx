/** What happened to the account, event by event, as it is stored; the newest first, live. */
import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { SealedEvent } from '../../../../client/suanpan.ts';
import { useInstants } from '../../format/format.ts';
import { useLedgerQuery } from '../../ledger/queries.ts';
import { useText } from '../../messages/language.tsx';
import { Empty, Loaded } from '../../parts/Loaded.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { Table } from '../../parts/Table.tsx';
import styles from './Account.module.css';
import { accountMessages } from './messages.ts';
import { useAccountPages, useMoment } from './moment/moment.tsx';

/** Each event comes with all that it says. */
const EVENTS_A_PAGE = 50;

export const EventList = ({ account }: { readonly account: string }) => {
  const [search] = useSearchParams();
  const event = search.get('event');
  return event !== null && /^\d{1,12}$/.test(event) ? (
    <OneEvent account={account} revision={Number(event)} />
  ) : (
    <Events account={account} />
  );
};

const Events = ({ account }: { readonly account: string }) => {
  const text = useText(accountMessages);
  const query = useAccountPages<SealedEvent>(account, ['events'], ({ client, after, at, signal, cursor }) =>
    client.getAccountsEvents(
      account,
      { after, ...at, cursor, order: 'newest', limit: EVENTS_A_PAGE },
      { signal },
    ),
  );
  return (
    <section className={styles.part}>
      <h2>{text.events}</h2>
      <Paged query={query}>{(events) => <EventTable account={account} events={events} />}</Paged>
    </section>
  );
};

const OneEvent = ({ account, revision }: { readonly account: string; readonly revision: number }) => {
  const text = useText(accountMessages);
  const { at } = useMoment();
  const query = useLedgerQuery(['fixed', account, 'event', revision], ({ client, signal }) =>
    client.getAccountsEvents(account, { cursor: String(revision), limit: 1 }, { signal }),
  );
  return (
    <section className={styles.part}>
      <h2>{text.oneEvent(String(revision))}</h2>
      <p>
        <Link href={at(`/accounts/${encodeURIComponent(account)}/events`)}>{text.allEvents}</Link>
      </p>
      <Loaded query={query} lines={16}>
        {({ items: [event] }) =>
          event ? (
            <>
              <EventTable account={account} events={[event]} />
              <pre className={styles.mono}>{JSON.stringify(event.data, null, 2)}</pre>
            </>
          ) : (
            <Empty>{text.noEvent}</Empty>
          )
        }
      </Loaded>
    </section>
  );
};

interface EventTableProps {
  readonly account: string;
  readonly events: readonly SealedEvent[];
}

const EventTable = ({ account, events }: EventTableProps) => {
  const text = useText(accountMessages);
  const { instant } = useInstants();
  const path = `/accounts/${encodeURIComponent(account)}`;
  return (
    <Table
      caption={text.events}
      rows={events}
      keyOf={({ revision }) => String(revision)}
      columns={[
        {
          name: text.revision,
          isNumber: true,
          cell: ({ revision }) => <Link href={`${path}/events?event=${revision}`}>{revision}</Link>,
        },
        { name: text.when, cell: ({ at }) => instant(at) },
        { name: text.event, cell: ({ type }) => type },
        { name: text.content, cell: ({ data }) => <Content data={data} /> },
        {
          name: text.hash,
          cell: ({ hash }) => <span className={styles.mono}>{hash.slice(0, 12)}…</span>,
        },
        {
          name: text.moment,
          cell: ({ position }) => <Link href={`${path}?asOfPosition=${position}`}>{text.thenLink}</Link>,
        },
      ]}
    />
  );
};

const SHORT = 120;

/** A close says everything that the account carries on: it is laid out only where somebody wants to see it. */
const Content = ({ data }: { readonly data: unknown }) => {
  const [isOpen, setOpen] = useState(false);
  const whole = JSON.stringify(data);
  if (whole.length <= SHORT) return <code className={styles.mono}>{whole}</code>;
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={styles.mono}>{whole.slice(0, SHORT)}…</summary>
      {isOpen ? <pre className={styles.mono}>{JSON.stringify(data, null, 2)}</pre> : null}
    </details>
  );
};
