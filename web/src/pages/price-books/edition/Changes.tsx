/** What changed from the edition before: old and new side by side. */
import type { PriceBook } from '../../../../../client/suanpan.ts';
import { counted } from '../../../format/format.ts';
import { type Edition, useBook } from '../../../ledger/use-books.ts';
import { useText } from '../../../messages/language.tsx';
import { Empty, Loaded } from '../../../parts/Loaded.tsx';
import { Table } from '../../../parts/Table.tsx';
import { type Difference, differences, type Fact } from './differences.ts';
import styles from './Edition.module.css';
import { comparedMessages } from './messages.ts';
import { PARTS, useThings } from './things.ts';

/** A part with more differences is shown on request. */
const FEW = 8;

interface ChangesProps {
  readonly book: PriceBook;
  /** Undefined: the book is the first. */
  readonly earlier: Edition | undefined;
}

export const Changes = ({ book, earlier }: ChangesProps) => {
  const text = useText(comparedMessages);
  const query = useBook(earlier);
  if (!earlier) return <Empty>{text.first}</Empty>;
  return (
    <Loaded query={query} lines={12}>
      {(before) => <Compared before={before} after={book} />}
    </Loaded>
  );
};

const Compared = ({ before, after }: { readonly before: PriceBook; readonly after: PriceBook }) => {
  const text = useText(comparedMessages);
  const things = useThings();
  const [old, current] = [things(before), things(after)];
  const parts = PARTS.map((part) => ({ part, found: differences(old[part], current[part]) })).filter(
    ({ found }) => found.length > 0,
  );
  if (parts.length === 0) return <Empty>{text.noChanges}</Empty>;
  return (
    <>
      {parts.map(({ part, found }) => (
        <details key={part} className={styles.compared} open={found.length <= FEW}>
          <summary>
            <h3>{text[part]}</h3>{' '}
            <span className={styles.soft}>
              {text.sums(
                counted(found.filter(({ kind }) => kind === 'added').length),
                counted(found.filter(({ kind }) => kind === 'removed').length),
                counted(found.filter(({ kind }) => kind === 'changed').length),
              )}
            </span>
          </summary>
          <Table
            caption={`${text[part]}: ${before.edition} → ${after.edition}`}
            rows={found}
            keyOf={({ id }) => id}
            columns={[
              { name: text.thing, cell: (one) => <Thing of={one} hasId={part !== 'rules'} /> },
              { name: text.before(before.edition), cell: (one) => <Facts facts={one.before} /> },
              { name: text.before(after.edition), cell: (one) => <Facts facts={one.after} /> },
            ]}
          />
        </details>
      ))}
    </>
  );
};

const Thing = ({ of: { id, name, kind }, hasId }: { readonly of: Difference; readonly hasId: boolean }) => {
  const text = useText(comparedMessages);
  return (
    <>
      {name} <span className={`${styles.kind} ${styles[kind]}`}>{text[kind]}</span>
      {hasId && id !== 'notes' ? <span className={styles.id}>{id}</span> : null}
    </>
  );
};

const Facts = ({ facts }: { readonly facts: readonly Fact[] }) =>
  facts.length === 0 ? (
    '–'
  ) : (
    <ul className={styles.facts}>
      {facts.map(({ name, value }) => (
        <li key={`${name} ${value}`}>
          {name === '' ? null : <span className={styles.soft}>{name} </span>}
          {value}
        </li>
      ))}
    </ul>
  );
