/** What needs a person now, each with its command; the operator's first page. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Inbox as Latest } from '../../../../client/suanpan.ts';
import { useHeld } from '../../doing/held.ts';
import { useLedgerQuery } from '../../ledger/queries.ts';
import { useText } from '../../messages/language.tsx';
import { Loaded } from '../../parts/Loaded.tsx';
import { Closes } from './Closes.tsx';
import { DeadLetters } from './DeadLetters.tsx';
import styles from './Inbox.module.css';
import { inboxMessages } from './messages.ts';
import { Needing } from './Needing.tsx';
import { Refused } from './Refused.tsx';
import { Server } from './Server.tsx';

/** Lag, deliveries, refusals and backups are no events of an account, which the stream would tell of. */
const AGAIN_MS = 10_000;

const Inbox = () => {
  const text = useText(inboxMessages);
  const queries = useQueryClient();
  const query = useLedgerQuery(['ledger', 'inbox'], ({ client, after, signal }) =>
    client.getInbox({ after }, { signal }),
  );
  useEffect(() => {
    const again = () => void queries.invalidateQueries({ queryKey: ['ledger', 'inbox'] });
    const timer = setInterval(again, AGAIN_MS);
    return () => clearInterval(timer);
  }, [queries]);
  return (
    <div className={styles.inbox}>
      <title>{`${text.title} – Suanpan`}</title>
      <h1>{text.title}</h1>
      <Loaded query={query} lines={12}>
        {(inbox) => <Found inbox={inbox} />}
      </Loaded>
    </div>
  );
};

const Found = ({ inbox: latest }: { readonly inbox: Latest }) => {
  const text = useText(inboxMessages);
  const inbox = useHeld(latest);
  return (
    <>
      <div role="status" className={styles.status}>
        {inbox.isClear ? (
          <section className={styles.clear}>
            <h2>{text.clear}</h2>
            <p>{text.clearHint}</p>
          </section>
        ) : null}
      </div>
      <Closes inbox={inbox} />
      <Needing inbox={inbox} />
      <DeadLetters inbox={inbox} />
      <Refused inbox={inbox} />
      <Server inbox={inbox} />
    </>
  );
};

export default Inbox;
