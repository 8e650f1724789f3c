/** What is counted, and which pool and meter it belongs to. */
import type { PriceBook } from '../../../../../client/suanpan.ts';
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
      rows={book.interfaces}
      keyOf={({ id }) => id}
      columns={[
        {
          name: text.interface,
          cell: ({ name, id }) => (
            <>
              {named(name)}
              <span className={styles.id}>{id}</span>
            </>
          ),
        },
        { name: text.category, cell: ({ category }) => (category ? named(category) : '–') },
        { name: text.unit, cell: ({ unit }) => (unit ? named(unit) : '–') },
        { name: text.counts, cell: ({ counts }) => text[counts] },
        { name: text.pool, cell: ({ pool }) => (pool === null ? text.none : nameOf(book.pools, pool)) },
        {
          name: text.meter,
          cell: ({ meter }) => (meter === null ? text.notCharged : nameOf(book.meters, meter)),
        },
      ]}
    />
  );
};
