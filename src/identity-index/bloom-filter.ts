/**
 * A Bloom filter over (account, fingerprint): "certainly new" for nearly every record, without I/O. About 32 bits a
 * key, in blocks of 512 bits so that a question touches one cache line; when full, one twice as large is added.
 */
import type { Fingerprint } from './fingerprint.ts';

const BITS_A_KEY = 32;
const BLOCK_WORDS = 16;
/** Hashes per key; each sets three bits of a block. */
const FACTORS = [0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f, 0x165667b1] as const;
const FIRST_CAPACITY = 200_000;

export interface Filter {
  add(account: string, print: Fingerprint): void;
  has(account: string, print: Fingerprint): boolean;
  /** Adds a key with a precomputed account hash. */
  addHashed(account: number, hi: number, lo: number): void;
  /** Size in bytes. */
  size(): number;
}

interface Part {
  readonly words: Uint32Array;
  readonly blocks: number;
  readonly capacity: number;
  count: number;
}

export const openFilter = (): Filter => {
  const parts: Part[] = [part(FIRST_CAPACITY)];
  let lastAccount = '';
  let lastHash = accountHash('');
  const hashOf = (account: string): number => {
    if (account !== lastAccount) {
      lastAccount = account;
      lastHash = accountHash(account);
    }
    return lastHash;
  };
  const addHashed: Filter['addHashed'] = (account, hi, lo) => {
    let current = parts.at(-1) as Part;
    if (current.count >= current.capacity) {
      current = part(current.capacity * 2);
      parts.push(current);
    }
    current.count += 1;
    eachBit(current, hi ^ account, lo, (word, bit) => {
      current.words[word] = (current.words[word] ?? 0) | bit;
      return true;
    });
  };
  return {
    addHashed,
    add: (account, { hi, lo }) => addHashed(hashOf(account), hi, lo),
    has: (account, { hi, lo }) => {
      const mixed = hi ^ hashOf(account);
      return parts.some((one) =>
        eachBit(one, mixed, lo, (word, bit) => ((one.words[word] ?? 0) & bit) !== 0),
      );
    },
    size: () => parts.reduce((bytes, { words }) => bytes + words.byteLength, 0),
  };
};

const part = (capacity: number): Part => {
  const blocks = Math.ceil((capacity * BITS_A_KEY) / (BLOCK_WORDS * 32));
  return { words: new Uint32Array(blocks * BLOCK_WORDS), blocks, capacity, count: 0 };
};

/** Visits a key's bits, all in one block, until `visit` says no. */
const eachBit = (
  { blocks }: Part,
  hi: number,
  lo: number,
  visit: (word: number, bit: number) => boolean,
): boolean => {
  const start = ((hi >>> 0) % blocks) * BLOCK_WORDS;
  const seed = lo ^ Math.imul(hi, 0x9e3779b1);
  for (const factor of FACTORS) {
    let mixed = Math.imul(seed ^ (seed >>> 16), factor);
    mixed ^= mixed >>> 15;
    if (
      !visit(start + ((mixed >>> 5) & 15), 1 << (mixed & 31)) ||
      !visit(start + ((mixed >>> 14) & 15), 1 << ((mixed >>> 9) & 31)) ||
      !visit(start + ((mixed >>> 23) & 15), 1 << ((mixed >>> 18) & 31))
    )
      return false;
  }
  return true;
};

/** The hash of a key's account. */
export const accountHash = (account: string): number => {
  let h = 0x811c9dc5;
  for (let i = 0; i < account.length; i++) h = Math.imul(h ^ account.charCodeAt(i), 0x01000193);
  return h >>> 0;
};
