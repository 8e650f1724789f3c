/** What is counted, and which pool and meter it belongs to. */
import type { PriceBook } from '../../../../../client/suanpan.ts';
import { chargedBy } from '../../../ledger/charging.ts';
import { useNamed } from '../../../ledger/use-books.ts';
import { useText } from '../../../messages/language.tsx';
import { Table } from '../../../parts/Table.tsx';
import styles from './Edition.module.css';
import { editionMessages } from './messages.ts';

export const Interfaces = ({ book }: { readonly book: PriceBook }) => {
  const text = useText(editionMessages);
  const named = useNamed();
  const nameOf = (things: PriceBook['pools'] | PriceBook['meters'], id: string): string =>
    named(things.find((one) => one.id === id)?.name ?? { zh: id, en: id });
  return (
    <Table
      caption={text.interfaces}
      rows={book.interfaces.flatMap((one) => chargedBy(one).map((charged) => ({ ...one, charged })))}
      keyOf={({ id, charged }) => `${id} ${charged.className?.en ?? ''} ${charged.measure?.en ?? ''}`}
      columns={[
        {
          name: text.interface,
          cell: ({ name, id, charged: { className, measure } }) => (
            <>
              {[name, ...(className ? [className] : []), ...(measure ? [measure] : [])]
                .map(named)
                .join(' · ')}
              <span className={styles.id}>{id}</span>
            </>
          ),
        },
        { name: text.category, cell: ({ category }) => (category ? named(category) : '–') },
        { name: text.unit, cell: ({ charged: { unit } }) => (unit ? named(unit) : '–') },
        { name: text.counts, cell: ({ charged }) => text[charged.counts] },
        {
          name: text.pool,
          cell: ({ charged: { pool, weight } }) =>
            pool === null ? text.none : `${nameOf(book.pools, pool)}${weight === 1 ? '' : ` × ${weight}`}`,
        },
        {
          name: text.meter,
          cell: ({ charged: { meter } }) => (meter === null ? text.notCharged : nameOf(book.meters, meter)),
        },
      ]}
    />
  );
};
