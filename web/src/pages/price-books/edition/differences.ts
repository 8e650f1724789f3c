/** What differs between two editions, thing by thing: a rule, an interface, a pool's packs, a meter's ladder. */

/** One fact about a thing: `10,000 calls`, `¥800.00`. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

export interface Thing {
  readonly id: string;
  readonly name: string;
  readonly facts: readonly Fact[];
}

export interface Difference {
  readonly id: string;
  readonly name: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** The facts that the other edition does not have; of a thing that it does not have at all, all of them. */
  readonly before: readonly Fact[];
  readonly after: readonly Fact[];
}

/** In the order of the later edition; what it no longer has comes last. */
export const differences = (before: readonly Thing[], after: readonly Thing[]): readonly Difference[] => {
  const earlier = new Map(before.map((thing) => [thing.id, thing]));
  const later = new Set(after.map(({ id }) => id));
  return [
    ...after.flatMap(({ id, name, facts }): Difference[] => {
      const old = earlier.get(id);
      if (!old) return [{ id, name, kind: 'added', before: [], after: facts }];
      const gone = without(old.facts, facts);
      const come = without(facts, old.facts);
      if (gone.length === 0 && come.length === 0) return [];
      return [{ id, name, kind: 'changed', before: gone, after: come }];
    }),
    ...before.flatMap(({ id, name, facts }): Difference[] =>
      later.has(id) ? [] : [{ id, name, kind: 'removed', before: facts, after: [] }],
    ),
  ];
};

const without = (facts: readonly Fact[], others: readonly Fact[]): readonly Fact[] =>
  facts.filter(({ name, value }) => !others.some((one) => one.name === name && one.value === value));
