/** Why the account is suspended, and what lifts it; or why it is not. */
import { useState } from 'react';
import { Link } from 'wouter';
import type { Standing as Standings } from '../../../../client/suanpan.ts';
import { useInstants, yuan } from '../../format/format.ts';
import { useText } from '../../messages/language.tsx';
import { Loaded } from '../../parts/Loaded.tsx';
import { Table } from '../../parts/Table.tsx';
import styles from './Account.module.css';
import { accountMessages } from './messages.ts';
import { useAccountQuery } from './moment/moment.tsx';
import { Status } from './Status.tsx';
import { useAccount } from './use-account.ts';

export const Standing = ({ account }: { readonly account: string }) => {
  const text = useText(accountMessages);
  const query = useAccount(account);
  return (
    <section className={styles.part}>
      <h2>{text.standing}</h2>
      <Loaded query={query} lines={4}>
        {({ status, balance }) => (
          <>
            <p>
              <Status status={status} />
            </p>
            {status === 'suspended' ? (
              <Why account={account} />
            ) : (
              <>
                <p className={styles.soft}>{text.balanceIs(yuan(balance.total))}</p>
                <Earlier account={account} />
              </>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
};

/** Explaining reads events of the month in which it was suspended, so it is asked for only where it is shown. */
const useExplained = (account: string) =>
  useAccountQuery(account, ['standing'], ({ client, after, at, signal }) =>
    client.getAccountsSuspensions(account, { after, ...at }, { signal }),
  );

const Why = ({ account }: { readonly account: string }) => {
  const text = useText(accountMessages);
  const { instant } = useInstants();
  return (
    <Loaded query={useExplained(account)} lines={6}>
      {({ suspensions }) =>
        suspensions.map((one) => (
          <div key={`${one.reason} ${one.since}`} className={styles.parts} data-reason={one.reason}>
            <p>
              <strong>{text[one.reason]}</strong> · {text.since(instant(one.since))}
            </p>
            <Led account={account} steps={one.led} />
            <p>
              {text.lifted}: <LiftedBy suspension={one} />
            </p>
          </div>
        ))
      }
    </Loaded>
  );
};

/** The last suspension that has ended. */
const Earlier = ({ account }: { readonly account: string }) => {
  const text = useText(accountMessages);
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{text.lastSuspension}</summary>
      {isOpen ? <Last account={account} /> : null}
    </details>
  );
};

const Last = ({ account }: { readonly account: string }) => {
  const text = useText(accountMessages);
  const { instant } = useInstants();
  return (
    <Loaded query={useExplained(account)} lines={2}>
      {({ last }) =>
        last?.until ? (
          <>
            <p>{text.lastSuspended(text[last.reason], instant(last.since), instant(last.until))}</p>
            <Led account={account} steps={[...last.led, ...last.ended]} />
          </>
        ) : (
          <p>{text.neverSuspended}</p>
        )
      }
    </Loaded>
  );
};

interface LedProps {
  readonly account: string;
  readonly steps: Standings['suspensions'][number]['led'];
}

/** What led to it: each event with the balance before and after. */
const Led = ({ account, steps }: LedProps) => {
  const text = useText(accountMessages);
  const { instant } = useInstants();
  return (
    <Table
      caption={text.because}
      rows={steps}
      keyOf={({ event }) => String(event)}
      columns={[
        { name: text.when, cell: ({ at }) => instant(at) },
        {
          name: text.event,
          cell: ({ event, type }) => (
            <Link href={`/accounts/${encodeURIComponent(account)}/events?event=${event}`}>{type}</Link>
          ),
        },
        { name: text.balanceBefore, isNumber: true, cell: ({ before }) => yuan(before.total) },
        { name: text.balanceAfter, isNumber: true, cell: ({ after }) => yuan(after.total) },
      ]}
    />
  );
};

interface LiftedByProps {
  readonly suspension: Standings['suspensions'][number];
}

const LiftedBy = ({ suspension: { reason, lifts } }: LiftedByProps) => {
  const text = useText(accountMessages);
  if (lifts === null || lifts.by === 'operator') return text.liftedByOperator;
  if (lifts.amount === null) return text.liftedByPayment;
  return reason === 'arrears'
    ? text.arrearsLifted(yuan(lifts.amount))
    : text.freezeLifted(yuan(lifts.amount));
};
