/** A small seeded random generator, so that the demonstration is reproducible. */
export interface Random {
  /** An integer from `from` to `to`, both included. */
  between(from: number, to: number): number;
  /** True with a probability of n in 1,000. */
  perMille(n: number): boolean;
  pick<T>(values: readonly [T, ...T[]]): T;
  /** An id that looks like a random UUID. */
  uuid(): string;
}

const THOUSAND = 1_000;

export const randomFrom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const between = (from: number, to: number): number => from + (next() % (to - from + 1));
  const hex = (): string => next().toString(16).padStart(8, '0');
  return {
    between,
    perMille: (n) => between(0, THOUSAND - 1) < n,
    pick: (values) => values[between(0, values.length - 1)] ?? values[0],
    uuid: () => {
      const [a, b, c, d] = [hex(), hex(), hex(), hex()];
      return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`;
    },
  };
};
