/**
 * The identities of a month's records, at 20 bytes each, with a hash of their content. A 64-bit hash stands for
 * (source, id): among a million records a chance collision occurs once in thirty million months, and there are no false
 * negatives. The hash has a random seed and probes are counted, so that nobody who reports usage, or makes a file, can
 * choose identities that collide.
 */

/** More identities collide than chance explains. */
class IdentitiesCollide extends Error {}

export interface HeldRecord {
  /** A hash of interface and instant. */
  readonly what: number;
  /** Its count, after corrections. */
  readonly calls: number;
}

export interface IdentitySet {
  /** Adds a record; false if its identity is present. */
  add(source: string, id: string, what: number, calls: number): boolean;
  get(source: string, id: string): HeldRecord | null;
  /** Sets the corrected count of a record that is present. */
  correct(source: string, id: string, calls: number): void;
}

const START = 1_024;
const WORDS = 3;
const FULL = 0.6;
/** Limit on the average number of probes; at this load factor fewer than four are expected. */
const LOOKS_MAX = 32;
const LOOKS_FREE = 10_000;

/** An unpredictable number. */
export const randomSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;

const COLLIDE = 'the identities of records fall together more than chance explains';

/** A seeded 32-bit hash of a text. */
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
  const [seed, other] = [randomSeed(), randomSeed()];
  let [asked, looks] = [0, 0];

  /** The key being looked up; a shared buffer, to avoid an allocation per record. */
  const key = new Uint32Array(WORDS - 1);
  const seek = (source: string, id: string): number => {
    const s = textHash(source, seed);
    // Zero marks an empty slot.
    key[0] = textHash(id, s) || 1;
    key[1] = textHash(id, s ^ other);
    asked += 1;
    return placeOfKey();
  };
  /** The slot of the key, or the empty slot where it belongs. */
  const placeOfKey = (): number => {
    for (let place = (key[0] ?? 0) % size; ; place = (place + 1) % size) {
      const at = place * WORDS;
      if (words[at] === 0 || isKeyAt(at)) return place;
      looks += 1;
      if (looks > LOOKS_FREE + LOOKS_MAX * (asked + used)) throw new IdentitiesCollide(COLLIDE);
    }
  };
  const isKeyAt = (at: number): boolean => words[at] === key[0] && words[at + 1] === key[1];
  const put = (place: number, what: number, calls: number): void => {
    words.set(key, place * WORDS);
    words[place * WORDS + WORDS - 1] = what;
    counts[place] = calls;
  };
  const grow = (): void => {
    const [before, held, from] = [words, counts, size];
    looks = 0;
    size *= 2;
    words = new Uint32Array(size * WORDS);
    counts = new Float64Array(size);
    for (let i = 0; i < from; i++) {
      const at = i * WORDS;
      if (before[at] === 0) continue;
      for (let k = 0; k < key.length; k++) key[k] = before[at + k] ?? 0;
      put(placeOfKey(), before[at + WORDS - 1] ?? 0, held[i] ?? 0);
    }
  };
  const isThere = (place: number): boolean => words[place * WORDS] !== 0;

  return {
    add: (source, id, what, calls) => {
      const place = seek(source, id);
      if (isThere(place)) return false;
      put(place, what, calls);
      used += 1;
      if (used > size * FULL) grow();
      return true;
    },
    get: (source, id) => {
      const place = seek(source, id);
      return isThere(place)
        ? { what: words[place * WORDS + WORDS - 1] ?? 0, calls: counts[place] ?? 0 }
        : null;
    },
    correct: (source, id, calls) => {
      const place = seek(source, id);
      if (isThere(place)) counts[place] = calls;
    },
  };
};
