/** The sums of a bill, each with its arithmetic; and what the close froze for the next month. */
import type { Bill } from '../../../../../client/suanpan.ts';
import { grouped, groupedIn, negative, yuan } from '../../../format/format.ts';
import { useText } from '../../../messages/language.tsx';
import { Figure, type Sum } from '../choice.tsx';
import { billMessages } from '../messages.ts';
import type { Names } from '../names.ts';
import styles from './Paper.module.css';
import { Section } from './Section.tsx';

interface Row {
  readonly sum: Sum;
  readonly name: string;
  readonly amount: string | null;
  /** How it comes about, a line each. */
  readonly how: readonly string[];
  readonly isStrong?: boolean;
}

export const Sums = ({ bill, names }: { readonly bill: Bill; readonly names: Names }) => {
  const text = useText(billMessages);
  const rows = useRows(bill, names);
  return (
    <Section title={text.sums}>
      <table className={styles.sums}>
        <caption className={styles.hidden}>{text.sums}</caption>
        <tbody>
          {rows.map(({ sum, name, amount, how, isStrong }) => (
            <tr key={sum} className={isStrong ? styles.strong : undefined} data-sum={sum}>
              <th scope="row">
                {name}
                {how.map((one) => (
                  <span key={one} className={styles.how}>
                    {one}
                  </span>
                ))}
              </th>
              <td className={styles.amount}>
                <Figure of={{ sum }}>{yuan(amount)}</Figure>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
};

const useRows = (bill: Bill, names: Names): readonly Row[] => {
  const text = useText(billMessages);
  const {
    lines,
    corrections,
    packPurchases,
    packReturns = [],
    due,
    packsTotal,
    total,
    unfrozen,
    frozen,
  } = bill;
  const parts = [...lines, ...corrections].map(({ amount }) => amount ?? '?');
  return [
    { sum: 'due', name: text.due, amount: due, how: added(parts, due) },
    {
      sum: 'packs',
      name: text.packsTotal,
      amount: packsTotal,
      how: added(
        [...packPurchases.map(({ price }) => price), ...packReturns.map(({ price }) => negative(price))],
        packsTotal,
      ),
    },
    {
      sum: 'total',
      name: text.total,
      amount: total,
      how: isZero(packsTotal) ? [] : added([due ?? '?', packsTotal], total),
      isStrong: true,
    },
    {
      sum: 'unfrozen',
      name: text.unfrozen,
      amount: unfrozen,
      how: isZero(unfrozen) ? [] : [text.unfrozenNote],
    },
    {
      sum: 'frozen',
      name: text.frozen,
      amount: frozen.total,
      how: frozen.byProduct.map(
        ({ product, amount, basis }) => `${names.product(product)}: ${groupedIn(basis)} → ${yuan(amount)}`,
      ),
    },
  ];
};

/** The parts that are not nothing, as a sum that a person can check; nothing where there is one part or none. */
const added = (parts: readonly string[], sum: string | null): string[] => {
  const some = parts.filter((part) => !isZero(part));
  if (some.length < 2) return [];
  return [`${some.map(signed).join(' ')} = ${grouped(sum ?? '?')}`];
};

const signed = (part: string, i: number): string => {
  const text = grouped(part);
  if (i === 0) return text;
  return text.startsWith('−') ? `− ${text.slice(1)}` : `+ ${text}`;
};

const isZero = (amount: string): boolean => /^0(\.0+)?$/.test(amount);
