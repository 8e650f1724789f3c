/** Where the units of an interface go: one place for an interface that counts calls, one a class and measure for others. */
import type { PriceBook } from '../../../client/suanpan.ts';
import type { Named } from './use-books.ts';

type Interface = PriceBook['interfaces'][number];

export interface Charged {
  /** Absent where the interface counts calls. */
  readonly className?: Named;
  readonly measure?: Named;
  readonly unit: Named | undefined;
  readonly counts: 'calls' | 'recognised';
  readonly pool: string | null;
  readonly meter: string | null;
  /** Points of the pool that a unit takes. */
  readonly weight: number;
}

type Destination = Extract<Interface, { charges: unknown }>['charges'][number]['to'][string];
const NOWHERE: Destination = { pool: null, meter: null };

export const chargedBy = (one: Interface): readonly Charged[] => {
  if (!('measures' in one)) {
    const { unit, counts, pool, meter } = one;
    return [{ unit, counts, pool, meter, weight: 1 }];
  }
  return one.charges.flatMap(({ name, to }) =>
    one.measures.map(({ id, name: measure, unit }): Charged => {
      const { pool, meter, weight = 1 }: Destination = to[id] ?? NOWHERE;
      return { className: name, measure, unit, counts: 'calls', pool, meter, weight };
    }),
  );
};

/** The unit of a meter or a pool, where the book names one. */
export const unitOf = ({ interfaces }: Pick<PriceBook, 'interfaces'>, id: string): Named | undefined =>
  interfaces
    .flatMap(chargedBy)
    .find(({ meter, pool, weight }) => meter === id || (pool === id && weight === 1))?.unit;
