/** A dispute's life on one page: who opened it and why, what was found, how it ended; and resolving it. */
import { Link, useParams } from 'wouter';
import type { Dispute as DisputeShape } from '../../../../client/suanpan.ts';
import { useInstants } from '../../format/format.ts';
import { useLedgerQuery } from '../../ledger/queries.ts';
import { useText } from '../../messages/language.tsx';
import { Loaded } from '../../parts/Loaded.tsx';
import styles from './Dispute.module.css';
import { Life } from './Life.tsx';
import { LookAgain } from './LookAgain.tsx';
import { disputeMessages } from './messages.ts';
import { Resolve } from './Resolve.tsx';

const Dispute = () => {
  const { dispute: given = '' } = useParams();
  // A colon may come escaped in a link that was sent.
  const id = given.replace(/%3a/i, ':');
  const account = id.slice(0, Math.max(0, id.lastIndexOf(':')));
  const query = useLedgerQuery(['account', account, 'dispute', id], ({ client, after, signal }) =>
    client.getDisputesOne(id, { after }, { signal }),
  );
  const text = useText(disputeMessages);
  return (
    <>
      <title>{`${text.title(id)} – Suanpan`}</title>
      <p>
        <Link href="/disputes">{text.back}</Link>
      </p>
      <h1>{text.title(id)}</h1>
      <Loaded query={query} lines={20}>
        {(dispute) => <Shown key={dispute.dispute} dispute={dispute} />}
      </Loaded>
    </>
  );
};

const Shown = ({ dispute }: { readonly dispute: DisputeShape }) => {
  const text = useText(disputeMessages);
  const { month: monthText } = useInstants();
  const { account, month, meter, state, reason } = dispute;
  const line = meter === null ? '' : `?line=${encodeURIComponent(meter)}`;
  return (
    <>
      <dl className={styles.facts}>
        <div>
          <dt>{text.account}</dt>
          <dd>
            <Link href={`/accounts/${account}`}>{account}</Link>
          </dd>
        </div>
        <div>
          <dt>{text.bill}</dt>
          <dd>
            <Link href={`/accounts/${account}/bills/${month}${line}`}>{monthText(month)}</Link>,{' '}
            {meter ?? text.whole}
          </dd>
        </div>
        <div>
          <dt>{text.outcome}</dt>
          <dd>
            <span className={styles.state} data-state={state}>
              {text[state]}
            </span>
          </dd>
        </div>
      </dl>
      <p className={styles.reason}>{reason}</p>
      <Life dispute={dispute} />
      <div className={styles.buttons}>
        <Resolve dispute={dispute} />
        <LookAgain dispute={dispute} />
      </div>
    </>
  );
};

export default Dispute;
