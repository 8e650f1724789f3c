/** Post-paid prices: the tiers of each meter. How they apply is said once where it is the same for all. */
import type { PriceBook } from '../../../../../client/suanpan.ts';
import { type Meter, useNamed } from '../../../ledger/use-books.ts';
import { useText } from '../../../messages/language.tsx';
import styles from './Edition.module.css';
import { editionMessages } from './messages.ts';
import { useWords } from './words.ts';

export const Ladders = ({ book }: { readonly book: PriceBook }) => {
  const text = useText(editionMessages);
  const { mode } = useWords();
  const modes = new Set(book.meters.map(({ ladder }) => mode(ladder)));
  return (
    <>
      {modes.size === 1 ? <p className={styles.soft}>{[...modes][0]}</p> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className={styles.scroll} aria-label={text.ladders} tabIndex={0}>
        <table className={styles.ladders}>
          <caption className={styles.hidden}>{text.ladders}</caption>
          <thead>
            <tr>
              <th scope="col">{text.meterName}</th>
              <th scope="col" className={styles.number}>
                {text.range}
              </th>
              <th scope="col" className={styles.number}>
                {text.unitPrice}
              </th>
            </tr>
          </thead>
          {book.meters.map((meter) => (
            <Tiers key={meter.id} book={book} meter={meter} isModeSaid={modes.size > 1} />
          ))}
        </table>
      </section>
    </>
  );
};

interface TiersProps {
  readonly book: PriceBook;
  readonly meter: Meter;
  readonly isModeSaid: boolean;
}

const Tiers = ({ book, meter, isModeSaid }: TiersProps) => {
  const named = useNamed();
  const { range, price, mode, freeUntil } = useWords();
  const { ladder } = meter;
  const free = freeUntil(meter);
  return (
    <tbody data-meter={meter.id}>
      {ladder.tiers.map((tier, i) => (
        <tr key={tier.above}>
          {i === 0 ? (
            <th scope="rowgroup" rowSpan={ladder.tiers.length}>
              {named(meter.name)}
              <span className={styles.id}>{meter.id}</span>
              {free === null ? null : <small>{free}</small>}
              {isModeSaid ? <small>{mode(ladder)}</small> : null}
            </th>
          ) : null}
          <td className={styles.number}>{range(ladder, tier)}</td>
          <td className={styles.number}>{price(book, meter, tier)}</td>
        </tr>
      ))}
    </tbody>
  );
};
