/** Free calls and packs: a row for each pool, a column for each size of pack. */
import type { PriceBook } from '../../../../../client/suanpan.ts';
import { counted, yuan } from '../../../format/format.ts';
import { useNamed } from '../../../ledger/use-books.ts';
import { useText } from '../../../messages/language.tsx';
import { Empty } from '../../../parts/Loaded.tsx';
import { Table } from '../../../parts/Table.tsx';
import styles from './Edition.module.css';
import { editionMessages } from './messages.ts';

export const Packs = ({ book }: { readonly book: PriceBook }) => {
  const text = useText(editionMessages);
  const named = useNamed();
  if (book.pools.length === 0) return <Empty>{text.noPools}</Empty>;
  const sizes = [...new Set(book.pools.flatMap(({ packs }) => packs.map(({ size }) => size)))];
  return (
    <>
      <p className={styles.soft}>{text.packsNote}</p>
      <Table
        caption={text.packs}
        rows={book.pools}
        keyOf={({ id }) => id}
        columns={[
          {
            name: text.poolName,
            cell: ({ name, id }) => (
              <div className={styles.pool}>
                {named(name)}
                <span className={styles.id}>{id}</span>
              </div>
            ),
          },
          {
            name: text.free,
            isNumber: true,
            cell: ({ allowance }) => counted((allowance ?? book.allowance).calls),
          },
          ...sizes
            .sort((a, b) => a - b)
            .map((size) => ({
              name: text.packOf(counted(size)),
              isNumber: true,
              cell: ({ packs }: PriceBook['pools'][number]) =>
                yuan(packs.find((one) => one.size === size)?.price ?? null),
            })),
        ]}
      />
    </>
  );
};
