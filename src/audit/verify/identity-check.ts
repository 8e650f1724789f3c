/**
 * Finds records that are in the ledger twice, in any months. Each identity (account, source, id) takes 20 bytes, in
 * memory up to a limit, beyond it in bucket files that are searched one by one: memory is constant, and time linear in
 * the ledger. Two 32-bit hashes with random seeds stand for an identity; matches are read again and compared, so there
 * are neither false negatives nor false positives.
 */
import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { randomSeed, textHash } from '../replay/identity-set.ts';

/** The location of a record: stream by number, revision of the event, index in the event. */
export interface RecordPlace {
  readonly stream: number;
  readonly revision: number;
  readonly ordinal: number;
}

export interface IdentityCheck {
  /** Adds a record; the caller numbers streams. */
  add(stream: string, place: RecordPlace, source: string, id: string): void;
  /** Pairs of records that may have the same identity, the earlier first; call it after the last record. */
  pairs(): Iterable<readonly [RecordPlace, RecordPlace]>;
}

const WORDS = 5;
const BYTES = WORDS * 4;
const IN_MEMORY = 1 << 18;
const BUCKETS = 256;
const BUCKET_BITS = 8;
/** Entries of a bucket searched at once. */
const AT_ONCE = 1 << 20;
const CHUNK = 1 << 16;

/**
 * `folder` is called when the records exceed memory; `atOnce`: entries of a bucket searched at once.
 */
export const openIdentityCheck = (
  folder: () => string,
  { inMemory = IN_MEMORY, atOnce = AT_ONCE }: { readonly inMemory?: number; readonly atOnce?: number } = {},
): IdentityCheck => {
  const seeds = [randomSeed(), randomSeed()] as const;
  let entries = new Uint32Array(inMemory * WORDS);
  let count = 0;
  let hasSpilled = false;
  /** Cache of the hashes of the last stream and source, which most records share with the previous one. */
  let [stream, source, hi, lo] = ['', '', 0, 0];
  const pathOf = (bucket: number): string => join(folder(), `identities-${bucket}`);

  const spill = (): void => {
    hasSpilled = true;
    const buckets: number[][] = Array.from({ length: BUCKETS }, () => []);
    for (let i = 0; i < count; i++) buckets[(entries[i * WORDS] ?? 0) % BUCKETS]?.push(i);
    for (const [bucket, members] of buckets.entries()) {
      if (members.length === 0) continue;
      const out = new Uint32Array(members.length * WORDS);
      for (const [k, i] of members.entries())
        out.set(entries.subarray(i * WORDS, (i + 1) * WORDS), k * WORDS);
      appendTo(pathOf(bucket), out);
    }
    count = 0;
  };

  return {
    add: (ofStream, place, ofSource, id) => {
      if (ofStream !== stream || ofSource !== source) {
        [stream, source] = [ofStream, ofSource];
        hi = textHash(source, textHash(stream, seeds[0]));
        lo = textHash(source, textHash(stream, seeds[1]));
      }
      if (count === inMemory) spill();
      const at = count * WORDS;
      entries[at] = textHash(id, hi);
      entries[at + 1] = textHash(id, lo);
      entries[at + 2] = place.stream;
      entries[at + 3] = place.revision;
      entries[at + 4] = place.ordinal;
      count += 1;
    },
    pairs: function* () {
      if (!hasSpilled) {
        yield* twiceIn(entries.subarray(0, count * WORDS));
        return;
      }
      spill();
      entries = new Uint32Array(0);
      for (let bucket = 0; bucket < BUCKETS; bucket++) yield* twiceInFile(pathOf(bucket), atOnce);
    },
  };
};

const appendTo = (path: string, words: Uint32Array): void => {
  const file = openSync(path, 'a', 0o600);
  try {
    writeSync(file, new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
  } finally {
    closeSync(file);
  }
};

/** Searches a file in parts by hash, if it is too large to be searched at once. */
function* twiceInFile(path: string, atOnce: number): Generator<readonly [RecordPlace, RecordPlace]> {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const parts = Math.ceil(size / BYTES / atOnce);
  for (let part = 0; part < parts; part++) {
    const isOfPart = (hash: number): boolean => (hash >>> BUCKET_BITS) % parts === part;
    yield* twiceIn(partOf(path, size, atOnce, isOfPart));
  }
}

const partOf = (
  path: string,
  size: number,
  atOnce: number,
  isOfPart: (hash: number) => boolean,
): Uint32Array => {
  let found = new Uint32Array(Math.min(size / BYTES, atOnce) * WORDS);
  let length = 0;
  const chunk = new Uint32Array(CHUNK * WORDS);
  const bytes = new Uint8Array(chunk.buffer);
  const file = openSync(path, 'r');
  try {
    for (let at = 0; at < size; ) {
      const read = readSync(file, bytes, 0, Math.min(bytes.length, size - at), at);
      if (read === 0) break;
      for (let i = 0; i < read / BYTES; i++) {
        if (!isOfPart(chunk[i * WORDS] ?? 0)) continue;
        if (length + WORDS > found.length) found = grown(found);
        found.set(chunk.subarray(i * WORDS, (i + 1) * WORDS), length);
        length += WORDS;
      }
      at += read;
    }
  } finally {
    closeSync(file);
  }
  return found.subarray(0, length);
};

const grown = (words: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> => {
  const more = new Uint32Array(Math.max(WORDS, words.length * 2));
  more.set(words);
  return more;
};

/** Entries with equal hashes, each paired with the first of them. */
function* twiceIn(words: Uint32Array): Generator<readonly [RecordPlace, RecordPlace]> {
  const entries = words.length / WORDS;
  let slots = 1;
  while (slots < entries * 2) slots *= 2;
  /** Entry number plus one; 0 marks a free slot. */
  const table = new Uint32Array(slots);
  for (let i = 0; i < entries; i++) {
    const [hi, lo] = [words[i * WORDS] ?? 0, words[i * WORDS + 1] ?? 0];
    for (let slot = (hi ^ Math.imul(lo, 0x9e3779b1)) & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
      const held = table[slot] ?? 0;
      if (held === 0) {
        table[slot] = i + 1;
        break;
      }
      const at = (held - 1) * WORDS;
      if (words[at] !== hi || words[at + 1] !== lo) continue;
      yield [placeAt(words, at), placeAt(words, i * WORDS)];
      break;
    }
  }
}

const placeAt = (words: Uint32Array, at: number): RecordPlace => ({
  stream: words[at + 2] ?? 0,
  revision: words[at + 3] ?? 0,
  ordinal: words[at + 4] ?? 0,
});
