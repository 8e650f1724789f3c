/** What a query gives: a placeholder of the same height while it loads, the refusal, or its data. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { messages, useText } from '../messages/language.tsx';
import styles from './Loaded.module.css';
import { Problem } from './Problem.tsx';

const loadedMessages = messages({ loading: 'Loading…' }, { loading: '正在加载…' });

interface LoadedProps<Data> {
  readonly query: UseQueryResult<Data>;
  /** Lines that the content will have about, so that nothing jumps. */
  readonly lines?: number;
  readonly children: (data: Data) => ReactNode;
}

export const Loaded = <Data,>({ query, lines = 4, children }: LoadedProps<Data>) => {
  const text = useText(loadedMessages);
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Problem failure={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className={styles.placeholder} style={{ minHeight: `${lines * 1.5}rem` }} aria-busy="true">
      {text.loading}
    </div>
  );
};

/** Shown while a page's own file is on its way. */
export const Loading = () => {
  const text = useText(loadedMessages);
  return (
    <p className={styles.placeholder} aria-busy="true">
      {text.loading}
    </p>
  );
};

/** Said where a list has nothing in it. */
export const Empty = ({ children }: { readonly children: ReactNode }) => (
  <p className={styles.empty}>{children}</p>
);
