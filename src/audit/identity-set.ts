/**
 * The records of a month by their identity, at 32 bytes each: who was metered already, and as what. 128 bits of a plain
 * hash stand for (source, id); two that collide by chance are not to be expected, and one that is there is always found.
 */

export interface Held {
  /** A hash of interface and instant. */
  readonly what: number;
  /** Its count, after corrections. */
  readonly calls: number;
}

export interface IdentitySet {
  /** Notes a record; false when it was there. */
  add(source: string, id: string, what: number, calls: number): boolean;
  get(source: string, id: string): Held | null;
  /** A corrected count of one that is there. */
  correct(source: string, id: string, calls: number): void;
}

const START = 1_024;
const WORDS = 5;
const FULL = 0.6;

/** A 32-bit hash of a text, from a seed. */
export const textHash = (text: string, seed: number): number => {
  let hash = seed ^ text.length;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x85ebca6b);
    hash = (hash << 13) | (hash >>> 19);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
  return (hash ^ (hash >>> 13)) >>> 0;
};

export const openIdentitySet = (): IdentitySet => {
  let size = START;
  let words = new Uint32Array(size * WORDS);
  let counts = new Float64Array(size);
  let used = 0;

  const keyOf = (source: string, id: string): [number, number, number, number] => {
    const s = textHash(source, 0x9e3779b9);
    // Zero marks an empty place.
    return [
      textHash(id, s) || 1,
      textHash(id, s ^ 0x51ed270b),
      textHash(id, ~s),
      textHash(id, s ^ 0x2545f491),
    ];
  };
  /** Where a key is, or the empty place where it would be. */
  const placeOf = ([a, b, c, d]: readonly number[]): number => {
    for (let place = (a ?? 0) % size; ; place = (place + 1) % size) {
      const at = place * WORDS;
      if (words[at] === 0) return place;
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return place;
    }
  };
  const put = (key: readonly number[], what: number, calls: number): void => {
    const place = placeOf(key);
    words.set([...key, what], place * WORDS);
    counts[place] = calls;
  };
  const grow = (): void => {
    const [before, held, from] = [words, counts, size];
    size *= 2;
    words = new Uint32Array(size * WORDS);
    counts = new Float64Array(size);
    for (let i = 0; i < from; i++) {
      const at = i * WORDS;
      if (before[at] !== 0) put([...before.subarray(at, at + WORDS - 1)], before[at + 4] ?? 0, held[i] ?? 0);
    }
  };
  const isThere = (place: number): boolean => words[place * WORDS] !== 0;

  return {
    add: (source, id, what, calls) => {
      const key = keyOf(source, id);
      if (isThere(placeOf(key))) return false;
      put(key, what, calls);
      used += 1;
      if (used > size * FULL) grow();
      return true;
    },
    get: (source, id) => {
      const place = placeOf(keyOf(source, id));
      return isThere(place) ? { what: words[place * WORDS + 4] ?? 0, calls: counts[place] ?? 0 } : null;
    },
    correct: (source, id, calls) => {
      const place = placeOf(keyOf(source, id));
      if (isThere(place)) counts[place] = calls;
    },
  };
};
