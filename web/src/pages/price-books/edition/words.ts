/** What the tables of an edition say in words: ranges of calls, unit prices, how a ladder is applied. */
import type { PriceBook } from '../../../../../client/suanpan.ts';
import { counted, useInstants, yuan } from '../../../format/format.ts';
import { unitOf } from '../../../ledger/charging.ts';
import { type Meter, useNamed } from '../../../ledger/use-books.ts';
import { useText } from '../../../messages/language.tsx';
import { editionMessages } from './messages.ts';

type Ladder = Meter['ladder'];
type Tier = Ladder['tiers'][number];

interface Words {
  /** The whole numbers of calls that lie in a tier: `10,001 – 100,000`. */
  readonly range: (ladder: Ladder, tier: Tier) => string;
  readonly price: (book: PriceBook, meter: Meter, tier: Tier) => string;
  readonly mode: (ladder: Ladder) => string;
  readonly freeUntil: (meter: Meter) => string | null;
}

export const useWords = (): Words => {
  const text = useText(editionMessages);
  const named = useNamed();
  const { month } = useInstants();
  return {
    range: ({ bounds }, { above, upTo }) => {
      const from = counted(bounds === 'upper' ? above + 1 : above);
      if (upTo === null) return text.upFrom(from);
      return `${from} – ${counted(bounds === 'upper' ? upTo : upTo - 1)}`;
    },
    price: (book, { id, ladder: { per } }, { unitPrice }) => {
      if (unitPrice === null) return text.noPrice;
      const unit = named(unitOf(book, id) ?? { zh: '次', en: 'call' });
      return `${yuan(unitPrice)} ${per === 1 ? text.each(unit) : text.eachOf(counted(per), unit)}`;
    },
    mode: ({ mode, tierBy }) =>
      mode === 'volume' ? `${text.volume} ${text[tierBy]}` : `${text.graduated} ${text[tierBy]}`,
    freeUntil: ({ freeUntil }) => (freeUntil === undefined ? null : text.freeUntil(month(freeUntil))),
  };
};
