/** What a unit price is for, in words: a call, or the unit that the price book names. */
import type { Named } from '../../ledger/use-books.ts';
import { useNamed } from '../../ledger/use-books.ts';
import { useText } from '../../messages/language.tsx';
import { billMessages } from './messages.ts';

/** `per` is written as it is shown; null: the price is for one. */
export const usePriceFor = (): ((unit: Named | undefined, per: string | null) => string) => {
  const text = useText(billMessages);
  const named = useNamed();
  return (unit, per) => {
    if (unit === undefined || unit.en === 'call') return per === null ? text.perCall : text.per(per);
    return per === null ? text.each(named(unit)) : text.eachOf(per, named(unit));
  };
};
