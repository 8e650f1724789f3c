/** A bill: left as one would print it, right what made the number that is chosen. */
import { Link, useLocation, useParams } from 'wouter';
import type { Bill as BillShape } from '../../../../client/suanpan.ts';
import { useInstants } from '../../format/format.ts';
import { useLedgerQuery } from '../../ledger/queries.ts';
import { useText } from '../../messages/language.tsx';
import { Button, LinkButton } from '../../parts/Button.tsx';
import { Loaded } from '../../parts/Loaded.tsx';
import styles from './Bill.module.css';
import { ChoiceProvider, useChoice } from './choice.tsx';
import { useExplanation } from './explanation.ts';
import { useLedgerSource } from './ledger-source.ts';
import { billMessages } from './messages.ts';
import { useNames } from './names.ts';
import { Paper } from './paper/Paper.tsx';
import { ProofPane } from './proof/Proof.tsx';
import { SourceProvider } from './source.tsx';
import { Why } from './why/Why.tsx';

const Bill = () => {
  const { account = '', month = '' } = useParams();
  const [path] = useLocation();
  const source = useLedgerSource();
  const query = useLedgerQuery(['fixed', 'bill', account, month], ({ client, signal }) =>
    client.getAccountsBillsOne(account, month, {}, { signal }),
  );
  return (
    <SourceProvider value={source}>
      <ChoiceProvider path={path}>
        <Loaded query={query} lines={40}>
          {(bill) => <Panes key={`${bill.account} ${bill.month}`} bill={bill} />}
        </Loaded>
      </ChoiceProvider>
    </SourceProvider>
  );
};

const Panes = ({ bill }: { readonly bill: BillShape }) => {
  const { account, month } = bill;
  const names = useNames(bill.priceBooks);
  const { data: explanation } = useExplanation(account, month);
  const { data } = useLedgerQuery(['account', account, 'account'], ({ client, after, signal }) =>
    client.getAccountsOne(account, { after }, { signal }),
  );
  return (
    <>
      <title>{`${account} ${month} – Suanpan`}</title>
      <Bar account={account} month={month} />
      <div className={styles.panes}>
        <Paper bill={bill} holder={data?.name ?? null} names={names} explained={explanation?.lines} />
        <div className={styles.why}>
          <Why bill={bill} names={names} proof={<ProofPane bill={bill} names={names} />} />
        </div>
      </div>
    </>
  );
};

/** Where the bill belongs, the bills before and after it, and what later ones correct of it. */
const Bar = ({ account, month }: { readonly account: string; readonly month: string }) => {
  const text = useText(billMessages);
  const { month: monthText } = useInstants();
  const { hrefOf } = useChoice();
  const { data } = useLedgerQuery(['account', account, 'bills'], ({ client, after, signal }) =>
    client.getAccountsBills(account, { limit: 1000, after }, { signal }),
  );
  const bills = data?.items ?? [];
  const at = bills.findIndex((one) => one.month === month);
  const earlier = bills[at - 1];
  const later = at < 0 ? undefined : bills[at + 1];
  const billAt = (of: string): string => `/accounts/${account}/bills/${of}`;
  const corrected = bills.filter(({ corrects }) => corrects.includes(month));
  return (
    <div className={styles.bar}>
      <p className={styles.path}>
        <Link href={`/accounts/${account}`}>
          {text.account} {account}
        </Link>
        {earlier ? (
          <Link href={billAt(earlier.month)} aria-label={`${text.earlier}: ${monthText(earlier.month)}`}>
            ← {monthText(earlier.month)}
          </Link>
        ) : null}
        {later ? (
          <Link href={billAt(later.month)} aria-label={`${text.later}: ${monthText(later.month)}`}>
            {monthText(later.month)} →
          </Link>
        ) : null}
      </p>
      <LinkButton href={hrefOf({})}>{text.proof}</LinkButton>
      <LinkButton href={hrefOf({ view: 'replay' })}>{text.replay}</LinkButton>
      <Button onPress={() => print()}>{text.print}</Button>
      {corrected.length === 0 ? null : (
        <p className={styles.later}>
          {text.correctedBy}
          {corrected.map((one) => (
            <Link key={one.month} href={billAt(one.month)}>
              {monthText(one.month)}
            </Link>
          ))}
        </p>
      )}
    </div>
  );
};

export default Bill;
