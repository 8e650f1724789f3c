/** What is on a bill beside its lines: packs bought and returned, credits, disputes. */
import type { Bill } from '../../../../../client/suanpan.ts';
import { counted, negative, useInstants, yuan } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { Figure } from '../choice.tsx';
import { billMessages } from '../messages.ts';
import type { Names } from '../names.ts';
import { Elsewhere } from '../source.tsx';
import styles from './Paper.module.css';
import { Section, Sheet } from './Section.tsx';

interface PartProps {
  readonly bill: Bill;
  readonly names: Names;
}

export const Purchases = ({ bill, names }: PartProps) => {
  const text = useText(billMessages);
  return <Packs title={text.purchases} note={text.purchasesNote} packs={bill.packPurchases} names={names} />;
};

export const Returns = ({ bill: { packReturns = [] }, names }: PartProps) => {
  const text = useText(billMessages);
  const back = packReturns.map((pack) => ({ ...pack, price: negative(pack.price) }));
  return <Packs title={text.returns} note={text.returnsNote} packs={back} names={names} />;
};

interface PacksProps {
  readonly title: string;
  readonly note: string;
  readonly packs: Bill['packPurchases'];
  readonly names: Names;
}

const Packs = ({ title, note, packs, names }: PacksProps) => {
  const text = useText(billMessages);
  if (packs.length === 0) return null;
  const head = [text.pack, text.pool, { number: text.size }, { number: text.price }];
  return (
    <Section title={title} note={note}>
      <Sheet caption={title} head={head}>
        <tbody>
          {packs.map(({ pack, pool, size, price }) => (
            <tr key={pack}>
              <th scope="row">{pack}</th>
              <td>{names.pool(pool)}</td>
              <td className={styles.number}>{counted(size)}</td>
              <td className={styles.amount}>
                <Figure of={{ sum: 'packs' }}>{yuan(price)}</Figure>
              </td>
            </tr>
          ))}
        </tbody>
      </Sheet>
    </Section>
  );
};

export const Credits = ({ bill: { credits } }: Pick<PartProps, 'bill'>) => {
  const text = useText(billMessages);
  if (credits.length === 0) return null;
  return (
    <Section title={text.credits} note={text.creditsNote}>
      <Sheet caption={text.credits} head={[text.reason, { number: text.amount }]}>
        <tbody>
          {credits.map(({ amount, reason }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same credit may be given twice; the bill never changes.
            <tr key={i}>
              <th scope="row">{reason}</th>
              <td className={styles.amount}>{yuan(amount)}</td>
            </tr>
          ))}
        </tbody>
      </Sheet>
    </Section>
  );
};

export const Disputes = ({ bill: { account, disputes = [] }, names }: PartProps) => {
  const text = useText(billMessages);
  const { month: monthText } = useInstants();
  if (disputes.length === 0) return null;
  return (
    <Section title={text.disputes}>
      <Sheet caption={text.disputes} head={[text.dispute, text.ofMonth, text.reason, text.state]}>
        <tbody>
          {disputes.map(({ dispute, month, meter, reason, state, note }) => (
            <tr key={dispute}>
              <th scope="row">
                <Elsewhere href={`/disputes/${dispute}`}>{dispute}</Elsewhere>
              </th>
              <td>
                <Elsewhere href={`/accounts/${account}/bills/${month}`}>{monthText(month)}</Elsewhere>
                {meter === null ? null : <span className={styles.id}>{names.meter(meter)}</span>}
              </td>
              <td>{reason}</td>
              <td>
                {text[state]}
                {note === null ? null : <span className={styles.id}>{note}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </Sheet>
    </Section>
  );
};
