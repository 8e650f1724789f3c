/** Where one more call lowers the bill: as a curve of the amount over the calls, and as a table. Equal ladders are drawn once. */
import type { PriceBook } from '../../../../../client/suanpan.ts';
import { CostLine } from '../../../charts/CostLine.tsx';
import { counted, yuan } from '../../../format/format.ts';
import { useLedgerQuery } from '../../../ledger/queries.ts';
import { type Cliff, type Meter, useNamed } from '../../../ledger/use-books.ts';
import { useText } from '../../../messages/language.tsx';
import { Empty, Loaded } from '../../../parts/Loaded.tsx';
import { Table } from '../../../parts/Table.tsx';
import styles from './Edition.module.css';
import { comparedMessages } from './messages.ts';

interface CliffsProps {
  readonly book: PriceBook;
  readonly digest: string;
}

export const Cliffs = ({ book, digest }: CliffsProps) => {
  const text = useText(comparedMessages);
  const query = useLedgerQuery(['fixed', 'price-cliffs', digest], ({ client, signal }) =>
    client.postPriceBooksLint(book, {}, { signal }),
  );
  return (
    <Loaded query={query} lines={20}>
      {({ warnings }) =>
        warnings.length === 0 ? (
          <Empty>{text.noCliffs}</Empty>
        ) : (
          <>
            <p className={styles.soft}>{text.cliffsNote}</p>
            {alike(book.meters, warnings).map((same) => (
              <Ladder key={same.meters[0]?.id} {...same} />
            ))}
          </>
        )
      }
    </Loaded>
  );
};

interface Alike {
  readonly meters: readonly Meter[];
  readonly cliffs: readonly Cliff[];
}

/** Meters with cliffs, those of the same ladder together. */
const alike = (meters: readonly Meter[], warnings: readonly Cliff[]): readonly Alike[] => {
  const cliffs = Map.groupBy(warnings, ({ meter }) => meter);
  const ladders = Map.groupBy(
    meters.filter(({ id }) => cliffs.has(id)),
    ({ ladder }) => JSON.stringify(ladder),
  );
  return [...ladders.values()].map((same) => ({ meters: same, cliffs: cliffs.get(same[0]?.id ?? '') ?? [] }));
};

const Ladder = ({ meters, cliffs }: Alike) => {
  const text = useText(comparedMessages);
  const named = useNamed();
  const names = meters.map(({ name }) => named(name)).join(' · ');
  const ladder = meters[0]?.ladder;
  return (
    <div className={styles.cliffs} data-meters={meters.map(({ id }) => id).join(' ')}>
      <h3>{names}</h3>
      <div className={styles.curves}>
        {ladder
          ? cliffs.map((cliff) => (
              <CostLine
                key={cliff.at}
                title={text.cliffChart(names, counted(cliff.at))}
                ladder={ladder}
                {...{ at: cliff.at, costs: Number(cliff.costs), next: Number(cliff.next) }}
                names={{ quantity: text.at, amount: text.amount }}
              />
            ))
          : null}
      </div>
      <Table
        caption={names}
        rows={cliffs}
        keyOf={({ at }) => String(at)}
        columns={[
          { name: text.at, isNumber: true, cell: ({ at }) => counted(at) },
          { name: text.costs, isNumber: true, cell: ({ costs }) => yuan(costs) },
          { name: text.next, isNumber: true, cell: ({ next }) => yuan(next) },
        ]}
      />
    </div>
  );
};
