/** Checks a draft as it is typed: by the server's linter, a moment after the last change. */
import { useEffect, useState } from 'react';
import type { PriceBook, Suanpan } from '../../../../../client/suanpan.ts';
import { useSession } from '../../../session/session.tsx';

export type Findings = Awaited<ReturnType<Suanpan['postPriceBooksLint']>>;

export type Check =
  | { readonly state: 'empty' | 'checking' }
  | { readonly state: 'unreadable' | 'failed'; readonly failure: unknown }
  | { readonly state: 'checked'; readonly book: PriceBook; readonly findings: Findings };

/** Long enough that not every key that is pressed is a request. */
const PAUSE_MS = 400;

export const useCheck = (text: string): Check => {
  const { client } = useSession();
  const [found, setFound] = useState<{ readonly text: string; readonly check: Check } | null>(null);
  useEffect(() => {
    const ending = new AbortController();
    const checked = (check: Check): void => {
      if (!ending.signal.aborted) setFound({ text, check });
    };
    const timer = setTimeout(() => {
      void checkOf(client, text, ending.signal).then(checked, (failure) =>
        checked({ state: 'failed', failure }),
      );
    }, PAUSE_MS);
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, [client, text]);
  // What was found of an earlier text says nothing about this one.
  return found?.text === text ? found.check : { state: 'checking' };
};

const checkOf = async (client: Suanpan, text: string, signal: AbortSignal): Promise<Check> => {
  if (text.trim() === '') return { state: 'empty' };
  let book: PriceBook;
  try {
    book = JSON.parse(text) as PriceBook;
  } catch (error) {
    return { state: 'unreadable', failure: error instanceof Error ? error.message : String(error) };
  }
  if (typeof book !== 'object' || book === null || Array.isArray(book))
    return { state: 'unreadable', failure: '' };
  return { state: 'checked', book, findings: await client.postPriceBooksLint(book, {}, { signal }) };
};
