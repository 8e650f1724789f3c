/** One edition of a product's price book, as a customer would read it. */
import type { ReactNode } from 'react';
import { Link, useParams } from 'wouter';
import type { PriceBook } from '../../../../../client/suanpan.ts';
import { useInstants } from '../../../format/format.ts';
import {
  type Edition as Known,
  useBook,
  useEditions,
  useMayDraft,
  useNamed,
} from '../../../ledger/use-books.ts';
import { useText } from '../../../messages/language.tsx';
import { Button, LinkButton } from '../../../parts/Button.tsx';
import { Empty, Loaded } from '../../../parts/Loaded.tsx';
import { pathOf } from '../PriceBooks.tsx';
import { Changes } from './Changes.tsx';
import { Cliffs } from './Cliffs.tsx';
import { saveBook } from './download.ts';
import styles from './Edition.module.css';
import { Interfaces } from './Interfaces.tsx';
import { Ladders } from './Ladders.tsx';
import { editionMessages } from './messages.ts';
import { Packs } from './Packs.tsx';
import { Rules } from './Rules.tsx';

const SECTIONS = ['packs', 'ladders', 'rules', 'interfaces', 'changes', 'cliffs'] as const;

const Edition = () => {
  const text = useText(editionMessages);
  const { product, edition } = useParams<{ product: string; edition: string }>();
  const query = useEditions();
  return (
    <div className={styles.page}>
      <Loaded query={query} lines={40}>
        {(editions) => {
          const own = editions.filter((one) => one.product === product);
          const i = own.findIndex((one) => one.edition === edition);
          const shown = own[i];
          if (!shown) return <Unknown />;
          return <Shown key={shown.digest} edition={shown} earlier={own[i - 1]} later={own[i + 1]} />;
        }}
      </Loaded>
      <p>
        <Link href="/price-books">← {text.all}</Link>
      </p>
    </div>
  );
};

const Unknown = () => {
  const text = useText(editionMessages);
  return (
    <>
      <h1>{text.all}</h1>
      <Empty>{text.unknown}</Empty>
    </>
  );
};

interface ShownProps {
  readonly edition: Known;
  readonly earlier: Known | undefined;
  readonly later: Known | undefined;
}

const Shown = ({ edition, earlier, later }: ShownProps) => {
  const query = useBook(edition);
  const mayDraft = useMayDraft();
  const text = useText(editionMessages);
  const named = useNamed();
  return (
    <>
      <header className={styles.head}>
        <h1>{text.title(named(edition.name), edition.edition)}</h1>
        <div className={styles.actions}>
          {earlier ? <LinkButton href={pathOf(earlier)}>{text.earlier(earlier.edition)}</LinkButton> : null}
          {later ? <LinkButton href={pathOf(later)}>{text.later(later.edition)}</LinkButton> : null}
          <Button isDisabled={!query.data} onPress={() => query.data && saveBook(query.data)}>
            {text.download}
          </Button>
          {mayDraft ? (
            <LinkButton
              href={`/price-books/draft?${new URLSearchParams({ product: edition.product, edition: edition.edition })}`}
            >
              {text.draft}
            </LinkButton>
          ) : null}
        </div>
      </header>
      <Loaded query={query} lines={40}>
        {(book) => <Book book={book} edition={edition} earlier={earlier} />}
      </Loaded>
    </>
  );
};

const Book = ({ book, edition, earlier }: Omit<ShownProps, 'later'> & { readonly book: PriceBook }) => {
  const text = useText(editionMessages);
  const { month } = useInstants();
  const named = useNamed();
  const notes = book.notes ?? [];
  return (
    <>
      <dl className={styles.facing}>
        <div>
          <dt>{text.from(month(edition.effectiveFrom))}</dt>
        </div>
        <div>
          <dt>{text.digest}</dt> <dd>{edition.digest}</dd>
        </div>
        <div>
          <dt>{text.source}</dt> <dd>{book.source}</dd>
        </div>
      </dl>
      <nav aria-label={text.contents} className={styles.contents}>
        <ul>
          {SECTIONS.map((section) => (
            <li key={section}>
              <a href={`#${section}`}>{text[section]}</a>
            </li>
          ))}
        </ul>
      </nav>
      <Section id="packs" title={text.packs}>
        <Packs book={book} />
      </Section>
      <Section id="ladders" title={text.ladders}>
        <Ladders book={book} />
      </Section>
      <Section id="rules" title={text.rules}>
        <Rules book={book} />
        {notes.length === 0 ? null : (
          <>
            <h3>{text.notes}</h3>
            <ul className={styles.notes}>
              {notes.map((note) => (
                <li key={note.en}>{named(note)}</li>
              ))}
            </ul>
          </>
        )}
      </Section>
      <Section id="interfaces" title={text.interfaces}>
        <Interfaces book={book} />
      </Section>
      <Section id="changes" title={text.changes}>
        <Changes book={book} earlier={earlier} />
      </Section>
      <Section id="cliffs" title={text.cliffs}>
        <Cliffs book={book} digest={edition.digest} />
      </Section>
    </>
  );
};

interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly children: ReactNode;
}

/** No region of its own: what scrolls in it is one of the same name. */
const Section = ({ id, title, children }: SectionProps) => (
  <div id={id} className={styles.section}>
    <h2>{title}</h2>
    {children}
  </div>
);

export default Edition;
