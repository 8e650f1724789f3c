/** Writes an edition: what is typed is checked at once, and published by a dry run and a confirmation. */
import { useId, useState } from 'react';
import { Link, useSearch } from 'wouter';
import { CommandDialog } from '../../../doing/CommandDialog.tsx';
import { useInstants } from '../../../format/format.ts';
import { useBook, useEditions } from '../../../ledger/use-books.ts';
import { useText } from '../../../messages/language.tsx';
import { Loaded } from '../../../parts/Loaded.tsx';
import { PageHead } from '../../../parts/PageHead.tsx';
import styles from './Draft.module.css';
import { Found } from './Found.tsx';
import { draftMessages } from './messages.ts';
import { type Check, useCheck } from './use-check.ts';

const Draft = () => {
  const search = new URLSearchParams(useSearch());
  const [product, edition] = [search.get('product'), search.get('edition')];
  return product === null || edition === null ? (
    <Editor initial="" />
  ) : (
    <FromEdition key={`${product} ${edition}`} {...{ product, edition }} />
  );
};

interface FromEditionProps {
  readonly product: string;
  readonly edition: string;
}

/** Begins with the text of a published edition. */
const FromEdition = ({ product, edition }: FromEditionProps) => {
  const editions = useEditions();
  const from = editions.data?.find((one) => one.product === product && one.edition === edition);
  const book = useBook(from);
  if (editions.data && !from) return <Editor initial="" />;
  return (
    <Loaded query={book} lines={40}>
      {(published) => <Editor initial={JSON.stringify(published, null, 2)} />}
    </Loaded>
  );
};

const Editor = ({ initial }: { readonly initial: string }) => {
  const text = useText(draftMessages);
  const id = useId();
  const [draft, setDraft] = useState(initial);
  const check = useCheck(draft);
  return (
    <div className={styles.page}>
      <PageHead title={text.title}>
        <Publish check={check} />
      </PageHead>
      <p className={styles.soft}>{text.intro}</p>
      <div className={styles.panes}>
        <div className={styles.field}>
          <label htmlFor={id}>{text.book}</label>
          <textarea
            id={id}
            className={styles.text}
            value={draft}
            onChange={(event) => setDraft(event.currentTarget.value)}
            spellCheck={false}
            autoComplete="off"
            rows={32}
          />
        </div>
        <Found check={check} />
      </div>
      <p>
        <Link href="/price-books">← {text.all}</Link>
      </p>
    </div>
  );
};

const Publish = ({ check }: { readonly check: Check }) => {
  const text = useText(draftMessages);
  const { month } = useInstants();
  const book = check.state === 'checked' && check.findings.problems.length === 0 ? check.book : null;
  return (
    <CommandDialog
      label={text.publish}
      scope="admin"
      kind="primary"
      isOffered={book !== null}
      isAudited={false}
      {...(book ? { about: `${book.product} ${book.edition}` } : {})}
      initial={{ book }}
      send={(client, { book: draft }, ...sent) => {
        if (!draft) throw new Error('there is nothing to publish');
        return client.putPriceBooksOne(draft.product, draft.edition, draft, ...sent);
      }}
      said={({ product, edition, effectiveFrom, digest }) => [
        { name: text.product, value: product },
        { name: text.edition, value: edition },
        { name: text.from, value: month(effectiveFrom) },
        { name: text.digest, value: digest },
      ]}
      final={text.final}
    />
  );
};

export default Draft;
