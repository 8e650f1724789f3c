/** What a bill rests on: price books, events and digests, so that a printed bill names exactly what it was made from. */
import type { Bill } from '../../../../../client/suanpan.ts';
import { useText } from '../../../messages/language.tsx';
import { billMessages } from '../messages.ts';
import type { Names } from '../names.ts';
import { Elsewhere } from '../source.tsx';
import styles from './Paper.module.css';
import { Section } from './Section.tsx';

export const Proof = ({ bill, names }: { readonly bill: Bill; readonly names: Names }) => {
  const text = useText(billMessages);
  const { priceBooks, events, ratingVersion, digest } = bill;
  return (
    <Section title={text.restsOn}>
      <dl className={styles.proof}>
        <dt>{text.priceBooks}</dt>
        <dd>
          {priceBooks.map((book) => (
            <span key={book.digest} className={styles.book}>
              <Elsewhere
                href={`/price-books/${encodeURIComponent(book.product)}/${encodeURIComponent(book.edition)}`}
              >
                {names.product(book.product)} {book.edition}
              </Elsewhere>{' '}
              <code>{book.digest}</code>
            </span>
          ))}
        </dd>
        <dt>{text.events}</dt>
        <dd>{text.eventsOf(String(events.from), String(events.to), events.stream)}</dd>
        <dt>{text.head}</dt>
        <dd>
          <code>{events.head}</code>
        </dd>
        <dt>{text.rating}</dt>
        <dd>{ratingVersion}</dd>
        <dt>{text.digest}</dt>
        <dd>
          <code>{digest}</code>
        </dd>
      </dl>
    </Section>
  );
};
