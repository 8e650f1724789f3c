/** Webhooks and mails that were given up, each to be sent again. */
import type { DeadDelivery, Inbox } from '../../../../client/suanpan.ts';
import { useHeld } from '../../doing/held.ts';
import { counted, useInstants } from '../../format/format.ts';
import { useLedgerPages } from '../../ledger/pages.ts';
import { useText } from '../../messages/language.tsx';
import { Paged } from '../../parts/Paged.tsx';
import { Table } from '../../parts/Table.tsx';
import { Resend } from './commands.tsx';
import styles from './Inbox.module.css';
import { inboxMessages } from './messages.ts';

const LIMIT = 50;

export const DeadLetters = ({ inbox: { deadLetters } }: { readonly inbox: Inbox }) =>
  deadLetters === 0 ? null : <Letters count={deadLetters} />;

const Letters = ({ count }: { readonly count: number }) => {
  const text = useText(inboxMessages);
  const query = useLedgerPages(['ledger', 'inbox', 'dead'], ({ client, after, signal, cursor }) =>
    client.getDeliveriesDead({ after, cursor, limit: LIMIT }, { signal }),
  );
  return (
    <section className={styles.part}>
      <h2>{text.deadLetters}</h2>
      <p>{text.deadCount(counted(count))}</p>
      <Paged query={query}>{(items) => <Rows items={items} />}</Paged>
    </section>
  );
};

const Rows = ({ items }: { readonly items: readonly DeadDelivery[] }) => {
  const text = useText(inboxMessages);
  const { instant } = useInstants();
  return (
    <Table
      caption={text.deadLetters}
      rows={useHeld(items)}
      keyOf={({ delivery }) => delivery}
      columns={[
        {
          name: text.receiver,
          cell: ({ delivery }) => (
            <>
              {receiverOf(delivery) === 'email' ? text.email : text.webhook}
              <code className={styles.small}>{delivery}</code>
            </>
          ),
        },
        { name: text.why, cell: ({ error }) => <span className={styles.text}>{error ?? '–'}</span> },
        { name: text.attempts, isNumber: true, cell: ({ attempts }) => counted(attempts) },
        { name: text.givenUp, cell: ({ at }) => instant(at) },
        { name: text.commands, cell: ({ delivery }) => <Resend delivery={delivery} /> },
      ]}
    />
  );
};

/** A delivery is named by its event and its receiver. */
const receiverOf = (delivery: string): string => delivery.slice(delivery.lastIndexOf('/') + 1);
