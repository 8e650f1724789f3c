/** What is looked for among the accounts: words, standing, product. */
import { useEffect, useRef, useState } from 'react';
import { useBooksInForce, useNamed } from '../../ledger/use-books.ts';
import { useText } from '../../messages/language.tsx';
import { CheckField, SelectField, TextField } from '../../parts/Field.tsx';
import styles from './Accounts.module.css';
import { type Asked, useAsked } from './asked.ts';
import { accountsMessages } from './messages.ts';

const REASONS = ['arrears', 'freeze_failed', 'prohibited'] as const;

export const Filters = () => {
  const text = useText(accountsMessages);
  const named = useNamed();
  const { asked, change } = useAsked();
  const { data: books = [] } = useBooksInForce();
  const products = books.map(({ product, name }) => ({ value: product, label: named(name) }));
  // A link may name a product that nobody sells any more.
  const others = [asked.product ?? ''].filter(
    (id) => id !== '' && !products.some(({ value }) => value === id),
  );
  return (
    <search className={styles.filters}>
      <Search />
      <SelectField
        label={text.status}
        value={asked.reason ?? asked.status ?? ''}
        options={[
          { value: '', label: text.anyStatus },
          { value: 'active', label: text.active },
          { value: 'suspended', label: text.suspended },
          ...REASONS.map((value) => ({ value, label: text.suspendedFor(text[value]) })),
        ]}
        onChange={(value) => change(standingOf(value))}
      />
      <SelectField
        label={text.product}
        value={asked.product ?? ''}
        options={[
          { value: '', label: text.anyProduct },
          ...products,
          ...others.map((value) => ({ value, label: value })),
        ]}
        onChange={(product) => change({ product })}
      />
      <div className={styles.checks}>
        <CheckField
          label={text.inArrears}
          isSelected={asked.arrears !== undefined}
          onChange={(isSelected) => change({ arrears: isSelected ? 'true' : undefined })}
        />
        <CheckField
          label={text.withFrozen}
          isSelected={asked.frozen !== undefined}
          onChange={(isSelected) => change({ frozen: isSelected ? 'true' : undefined })}
        />
      </div>
    </search>
  );
};

const standingOf = (value: string): Asked => ({
  status: value === 'active' || value === 'suspended' ? value : undefined,
  reason: REASONS.find((reason) => reason === value),
});

const PAUSE_MS = 250;

/** Looks for what is typed when typing pauses. */
const Search = () => {
  const text = useText(accountsMessages);
  const { asked, change } = useAsked();
  const asking = asked.q ?? '';
  const [typed, setTyped] = useState(asking);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // The address was changed by something else: a link, or going back.
  useEffect(() => setTyped(asking), [asking]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const look = (q: string, ms: number): void => {
    setTyped(q);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => change({ q }), ms);
  };
  return (
    <TextField
      type="search"
      label={text.search}
      value={typed}
      maxLength={200}
      onChange={(q) => look(q, PAUSE_MS)}
      onKeyDown={({ key }) => {
        if (key === 'Enter') look(typed, 0);
        else if (key === 'Escape' && typed !== '') look('', 0);
      }}
    />
  );
};
