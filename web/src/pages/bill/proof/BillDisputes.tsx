/** The disputes of a bill, and where a key may, opening one. */
import { Link } from 'wouter';
import type { Bill } from '../../../../../client/suanpan.ts';
import { useLedgerQuery } from '../../../ledger/queries.ts';
import { useText } from '../../../messages/language.tsx';
import { Empty, Loaded } from '../../../parts/Loaded.tsx';
import type { Names } from '../names.ts';
import { Part } from '../why/Part.tsx';
import styles from '../why/Why.module.css';
import { proofMessages } from './messages.ts';
import { OpenDispute } from './OpenDispute.tsx';
import proof from './Proof.module.css';

export const BillDisputes = ({ bill, names }: { readonly bill: Bill; readonly names: Names }) => {
  const text = useText(proofMessages);
  const { account, month } = bill;
  const states = { open: text.state_open, upheld: text.state_upheld, adjusted: text.state_adjusted };
  const query = useLedgerQuery(['account', account, 'disputes'], ({ client, after, signal }) =>
    client.getAccountsDisputes(account, { after, limit: 1000 }, { signal }),
  );
  return (
    <Part title={text.disputes}>
      <Loaded query={query} lines={2}>
        {({ items }) => {
          const own = items.filter((one) => one.month === month);
          return own.length === 0 ? (
            <Empty>{text.noDisputes}</Empty>
          ) : (
            <ul>
              {own.map(({ dispute, meter, reason, state }) => (
                <li key={dispute}>
                  <Link href={`/disputes/${dispute}`}>{dispute}</Link> · {states[state]}
                  <span className={styles.small}>
                    {meter === null ? text.whole : names.meter(meter)}: {reason}
                  </span>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
      <div className={proof.files}>
        <OpenDispute bill={bill} names={names} />
      </div>
    </Part>
  );
};
