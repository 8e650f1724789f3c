/** Why the account is suspended, and what lifts it; or why it is not. */
import { useInstants } from '../../format/format.ts';
import { useLedgerQuery } from '../../ledger/queries.ts';
import { useText } from '../../messages/language.tsx';
import { Loaded } from '../../parts/Loaded.tsx';
import styles from './Account.module.css';
import { accountMessages } from './messages.ts';
import { Status } from './Status.tsx';

export const Standing = ({ account }: { readonly account: string }) => {
  const text = useText(accountMessages);
  const { instant } = useInstants();
  const query = useLedgerQuery(['account', account, 'standing'], ({ client, after, signal }) =>
    client.getAccountsSuspensions(account, { after }, { signal }),
  );
  return (
    <section className={styles.part}>
      <h2>{text.standing}</h2>
      <Loaded query={query} lines={4}>
        {({ suspended, suspensions, because }) => (
          <>
            <p>
              <Status status={suspended ? 'suspended' : 'active'} />
            </p>
            <ul>
              {suspensions
                .filter(({ until }) => until === null)
                .map(({ reason, since, why }) => (
                  <li key={`${reason} ${since}`}>
                    <strong>{reason}</strong> · {instant(since)} · {why}
                  </li>
                ))}
              {because?.map((why) => (
                <li key={why} className={styles.soft}>
                  {why}
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
    </section>
  );
};
