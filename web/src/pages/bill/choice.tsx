/** What is chosen on a bill, in the address of the page: so that a link to any number can be sent to somebody. */
import { createContext, type ReactNode, use, useMemo } from 'react';
import { Link, useSearch } from 'wouter';
import styles from './Choice.module.css';

export const SUMS = ['due', 'packs', 'total', 'unfrozen', 'frozen'] as const;
export type Sum = (typeof SUMS)[number];
/** Parts of a line's explanation that a number leads to. */
export type LinePart = 'price' | 'payers' | 'packs' | 'days' | 'records';

export interface Choice {
  /** A meter. */
  readonly line?: string | undefined;
  readonly part?: LinePart | undefined;
  /** With a line: a day of the billing zone. */
  readonly day?: string | undefined;
  /** An event's revision: its records. */
  readonly event?: string | undefined;
  /** `EVENT.INDEX`: one record. */
  readonly record?: string | undefined;
  readonly sum?: Sum | undefined;
  /** `MONTH/METER` of a correction. */
  readonly correction?: string | undefined;
  readonly view?: 'replay' | undefined;
}

const KEYS = ['line', 'part', 'day', 'event', 'record', 'sum', 'correction', 'view'] as const;

interface Chosen {
  readonly choice: Choice;
  readonly hrefOf: (choice: Choice) => string;
}

const ChoiceContext = createContext<Chosen | null>(null);

/** Reads the choice from the address; `path` is the page's own. */
export const ChoiceProvider = ({
  path,
  children,
}: {
  readonly path: string;
  readonly children: ReactNode;
}) => {
  const search = useSearch();
  const chosen = useMemo(() => {
    const given = new URLSearchParams(search);
    const choice = Object.fromEntries(KEYS.map((key) => [key, given.get(key) ?? undefined])) as Choice;
    return { choice, hrefOf: (wanted: Choice) => `${path}${queryOf(wanted)}` };
  }, [search, path]);
  return <ChoiceContext value={chosen}>{children}</ChoiceContext>;
};

export const queryOf = (choice: Choice): string => {
  const query = new URLSearchParams();
  for (const key of KEYS) {
    const value = choice[key];
    if (value !== undefined) query.set(key, value);
  }
  return query.size === 0 ? '' : `?${query}`;
};

export const useChoice = (): Chosen => {
  const chosen = use(ChoiceContext);
  if (!chosen) throw new Error('there is no ChoiceProvider above');
  return chosen;
};

interface FigureProps {
  readonly of: Choice;
  readonly children: string;
}

/** A number that leads to what made it. */
export const Figure = ({ of, children }: FigureProps) => {
  const { choice, hrefOf } = useChoice();
  const isChosen = KEYS.every((key) => choice[key] === of[key]);
  return (
    <Link href={hrefOf(of)} className={styles.figure} aria-current={isChosen ? 'true' : undefined}>
      {children}
    </Link>
  );
};
