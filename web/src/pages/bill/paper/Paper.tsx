/** The bill as one would print it: everything that a person needs to check each line by hand. */
import type { Bill } from '../../../../../client/suanpan.ts';
import type { Explanation } from '../../../../../src/audit/explain/explain-bill.ts';
import { useInstants } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { billMessages } from '../messages.ts';
import type { Names } from '../names.ts';
import { Corrections } from './Corrections.tsx';
import { Lines } from './Lines.tsx';
import { Credits, Disputes, Purchases, Returns } from './Others.tsx';
import styles from './Paper.module.css';
import { Prices } from './Prices.tsx';
import { Proof } from './Proof.tsx';
import { Sums } from './Sums.tsx';

interface PaperProps {
  readonly bill: Bill;
  /** The holder's name; null where it is not known, or was erased. */
  readonly holder: string | null;
  readonly names: Names;
  /** The lines' prices; undefined until they have come, or where nobody can be asked for them. */
  readonly explained?: Explanation['lines'] | undefined;
}

export const Paper = ({ bill, holder, names, explained }: PaperProps) => (
  <article className={styles.paper}>
    <Head bill={bill} holder={holder} />
    <Lines bill={bill} />
    <Purchases bill={bill} names={names} />
    <Returns bill={bill} names={names} />
    <Corrections bill={bill} names={names} />
    <Credits bill={bill} />
    <Disputes bill={bill} names={names} />
    <Sums bill={bill} names={names} />
    <Prices bill={bill} names={names} explained={explained} />
    <Proof bill={bill} names={names} />
  </article>
);

const Head = ({ bill, holder }: Pick<PaperProps, 'bill' | 'holder'>) => {
  const text = useText(billMessages);
  const { instant, month, zone } = useInstants();
  const facts = [
    [text.account, bill.account],
    ...(holder === null || holder === '' ? [] : [[text.name, holder]]),
    [text.issuedAt, instant(bill.issuedAt)],
  ];
  return (
    <header className={styles.head}>
      <h1>{text.title(month(bill.month))}</h1>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.note}>{text.zone(zone)}</p>
    </header>
  );
};
