/** A book as things with facts, in the words in which the page shows them: what the comparison of editions compares. */
import type { PriceBook } from '../../../../../client/suanpan.ts';
import { counted, yuan } from '../../../format/format.ts';
import { chargedBy } from '../../../ledger/charging.ts';
import { useNamed } from '../../../ledger/use-books.ts';
import { useText } from '../../../messages/language.tsx';
import type { Fact, Thing } from './differences.ts';
import { comparedMessages, editionMessages } from './messages.ts';
import { useRules } from './Rules.tsx';
import { useWords } from './words.ts';

export const PARTS = ['rules', 'interfaces', 'pools', 'meters', 'notes'] as const;
type Parts = { readonly [Part in (typeof PARTS)[number]]: readonly Thing[] };

export const useThings = (): ((book: PriceBook) => Parts) => {
  const text = useText(comparedMessages);
  const words = useText(editionMessages);
  const named = useNamed();
  const rules = useRules();
  const { range, price, mode, freeUntil } = useWords();
  return (book) => ({
    rules: rules(book).map(({ id, name, value }) => ({ id, name, facts: [{ name: '', value }] })),
    interfaces: book.interfaces.map((one) => ({
      id: one.id,
      name: named(one.name),
      facts: [
        { name: text.name, value: named(one.name) },
        ...(one.category ? [{ name: words.category, value: named(one.category) }] : []),
        ...chargedBy(one).flatMap(({ className, measure, unit, counts, pool, meter, weight }) => {
          const of = [className, measure].flatMap((name) => (name ? [named(name)] : [])).join(' · ');
          const fact = (name: string, value: string) => ({
            name: of === '' ? name : `${of}: ${name}`,
            value,
          });
          return [
            ...(unit ? [fact(words.unit, named(unit))] : []),
            fact(words.counts, words[counts]),
            fact(words.pool, pool === null ? words.none : `${pool}${weight === 1 ? '' : ` × ${weight}`}`),
            fact(words.meter, meter ?? words.notCharged),
          ];
        }),
      ],
    })),
    pools: book.pools.map(({ id, name, packs, meter }) => ({
      id,
      name: named(name),
      facts: [
        { name: text.name, value: named(name) },
        ...(meter === undefined ? [] : [{ name: words.meter, value: meter }]),
        ...packs.map((one) => ({ name: text.packCalls(counted(one.size)), value: yuan(one.price) })),
      ],
    })),
    meters: book.meters.map((meter) => ({
      id: meter.id,
      name: named(meter.name),
      facts: [
        { name: text.name, value: named(meter.name) },
        { name: text.mode, value: mode(meter.ladder) },
        ...optional(freeUntil(meter)),
        ...meter.ladder.tiers.map((tier) => ({
          name: range(meter.ladder, tier),
          value: price(book, meter, tier),
        })),
      ],
    })),
    notes: [
      {
        id: 'notes',
        name: text.notes,
        facts: (book.notes ?? []).map((note) => ({ name: '', value: named(note) })),
      },
    ],
  });
};

const optional = (value: string | null): readonly Fact[] => (value === null ? [] : [{ name: '', value }]);
