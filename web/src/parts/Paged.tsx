/** A list in pages: what was read so far, and a button for more. */
import type { ReactNode } from 'react';
import { itemsOf, type PagedQuery } from '../ledger/pages.ts';
import { messages, useText } from '../messages/language.tsx';
import { Button } from './Button.tsx';
import { Loading } from './Loaded.tsx';
import { Problem } from './Problem.tsx';

const pagedMessages = messages({ more: 'Show more' }, { more: '显示更多' });

interface PagedProps<Item> {
  readonly query: PagedQuery<Item>;
  readonly children: (items: readonly Item[]) => ReactNode;
}

export const Paged = <Item,>({ query, children }: PagedProps<Item>) => {
  const text = useText(pagedMessages);
  if (!query.data)
    return query.error ? <Problem failure={query.error} onRetry={() => void query.refetch()} /> : <Loading />;
  return (
    <>
      {children(itemsOf(query.data))}
      {query.hasNextPage ? (
        <Button onPress={() => void query.fetchNextPage()} isDisabled={query.isFetchingNextPage}>
          {text.more}
        </Button>
      ) : null}
    </>
  );
};
