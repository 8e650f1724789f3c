/** All published editions of all products. */
import { Link } from 'wouter';
import type { PriceBook } from '../../../../client/suanpan.ts';
import { counted, useInstants } from '../../format/format.ts';
import { type Edition, useBook, useEditions, useMayDraft, useNamed } from '../../ledger/use-books.ts';
import { useText } from '../../messages/language.tsx';
import { LinkButton } from '../../parts/Button.tsx';
import { Empty, Loaded } from '../../parts/Loaded.tsx';
import { PageHead } from '../../parts/PageHead.tsx';
import { Table } from '../../parts/Table.tsx';
import { priceBooksMessages } from './messages.ts';
import styles from './PriceBooks.module.css';

export const pathOf = ({ product, edition }: Pick<Edition, 'product' | 'edition'>): string =>
  `/price-books/${encodeURIComponent(product)}/${encodeURIComponent(edition)}`;

const PriceBooks = () => {
  const text = useText(priceBooksMessages);
  const query = useEditions();
  const mayDraft = useMayDraft();
  return (
    <div className={styles.page}>
      <div>
        <PageHead title={text.title}>
          {mayDraft ? <LinkButton href="/price-books/draft">{text.draft}</LinkButton> : null}
        </PageHead>
        <p className={styles.soft}>{text.intro}</p>
      </div>
      <Loaded query={query} lines={12}>
        {(editions) =>
          editions.length === 0 ? <Empty>{text.empty}</Empty> : <Editions editions={editions} />
        }
      </Loaded>
    </div>
  );
};

const Editions = ({ editions }: { readonly editions: readonly Edition[] }) => {
  const text = useText(priceBooksMessages);
  const { month } = useInstants();
  const named = useNamed();
  return (
    <Table
      caption={text.title}
      rows={editions}
      keyOf={({ digest }) => digest}
      columns={[
        {
          name: text.product,
          cell: ({ name, product }) => (
            <>
              {named(name)} <span className={styles.id}>{product}</span>
            </>
          ),
        },
        { name: text.edition, cell: (one) => <Link href={pathOf(one)}>{one.edition}</Link> },
        { name: text.from, cell: ({ effectiveFrom }) => month(effectiveFrom) },
        ...(['interfaces', 'meters', 'pools'] as const).map((part) => ({
          name: text[part],
          isNumber: true,
          cell: (one: Edition) => <Count edition={one} part={part} />,
        })),
        {
          name: text.digest,
          cell: ({ digest }) => (
            <code className={styles.id} title={digest}>
              {digest.slice(0, 12)}…
            </code>
          ),
        },
      ]}
    />
  );
};

interface CountProps {
  readonly edition: Edition;
  readonly part: keyof PriceBook & ('interfaces' | 'meters' | 'pools');
}

const Count = ({ edition, part }: CountProps) => {
  const { data: book } = useBook(edition);
  return book ? counted(book[part].length) : '…';
};

export default PriceBooks;
