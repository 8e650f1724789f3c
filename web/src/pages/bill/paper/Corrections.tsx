/** The correction lines of a bill, each with a link to the month that it is of. */
import type { Bill } from '../../../../../client/suanpan.ts';
import { counted, useInstants, yuan } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { Figure } from '../choice.tsx';
import { billMessages } from '../messages.ts';
import type { Names } from '../names.ts';
import { useReasons } from '../reasons.ts';
import { Elsewhere } from '../source.tsx';
import styles from './Paper.module.css';
import { Section, Sheet } from './Section.tsx';

export const Corrections = ({ bill, names }: { readonly bill: Bill; readonly names: Names }) => {
  const text = useText(billMessages);
  const { month: monthText } = useInstants();
  const said = useReasons();
  const { account, corrections } = bill;
  if (corrections.length === 0) return null;
  const head = [text.ofMonth, text.item, { number: text.change }, { number: text.amount }];
  return (
    <Section title={text.corrections} note={text.correctionsNote}>
      <Sheet caption={text.corrections} head={head}>
        <tbody>
          {corrections.map(({ month, meter, calls, amount, reason }) => (
            <tr key={`${month} ${meter}`} data-correction={`${month}/${meter}`}>
              <th scope="row" className={styles.month}>
                <Elsewhere href={`/accounts/${account}/bills/${month}?line=${encodeURIComponent(meter)}`}>
                  {monthText(month)}
                </Elsewhere>
              </th>
              <td>
                {names.meter(meter)}
                <span className={styles.id}>{meter}</span>
                <span className={styles.because}>{said(reason)}</span>
              </td>
              <td className={styles.number}>
                <Figure of={{ correction: `${month}/${meter}` }}>{counted(calls)}</Figure>
              </td>
              <td className={styles.amount}>
                <Figure of={{ correction: `${month}/${meter}` }}>{yuan(amount)}</Figure>
              </td>
            </tr>
          ))}
        </tbody>
      </Sheet>
    </Section>
  );
};
