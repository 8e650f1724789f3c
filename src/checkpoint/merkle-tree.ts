/**
 * An append-only Merkle tree according to RFC 6962, with inclusion proofs (a leaf is in a tree) and consistency proofs
 * (a tree extends a smaller one). Leaves and nodes are hashed with different prefixes. Hashes are 32 bytes.
 */
import { sha256Bytes } from '../integrity/sha256.ts';

/** The root over the complete subtree of 2^level leaves whose first is `index × 2^level`. */
export type NodeReader = (level: number, index: number) => Uint8Array;

const LEAF = 0;
const NODE = 1;
const HASH_BYTES = 32;

const prefixed = (prefix: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const bytes = new Uint8Array(1 + parts.reduce((n, { length }) => n + length, 0));
  bytes[0] = prefix;
  let at = 1;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return sha256Bytes(bytes);
};

/** The hash of a leaf's bytes. */
export const leafHash = (leaf: Uint8Array): Uint8Array => prefixed(LEAF, leaf);

/** The hash of a node over its two children. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => prefixed(NODE, left, right);

/** The largest power of two below n. */
const split = (n: number): number => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};

/** The root over leaves [from, to); `from` is a possible start of a complete subtree of that size. */
const rootOver = (from: number, to: number, node: NodeReader): Uint8Array => {
  const n = to - from;
  const level = Math.log2(n);
  if (Number.isInteger(level)) return node(level, from / n);
  const k = split(n);
  return nodeHash(rootOver(from, from + k, node), rootOver(from + k, to, node));
};

/** The root of the first `size` leaves. */
export const treeRoot = (size: number, node: NodeReader): Uint8Array =>
  size === 0 ? sha256Bytes(new Uint8Array(0)) : rootOver(0, size, node);

/** The inclusion proof of a leaf in the first `size` leaves, from the bottom up (RFC 6962, 2.1.1). */
export const inclusionProof = (index: number, size: number, node: NodeReader): Uint8Array[] => {
  const path = (from: number, to: number): Uint8Array[] => {
    if (to - from === 1) return [];
    const middle = from + split(to - from);
    return index < middle
      ? [...path(from, middle), rootOver(middle, to, node)]
      : [...path(middle, to), rootOver(from, middle, node)];
  };
  return path(0, size);
};

/** The consistency proof from the first `old` leaves to the first `size` (RFC 6962, 2.1.2); 0 < old ≤ size. */
export const consistencyProof = (old: number, size: number, node: NodeReader): Uint8Array[] => {
  const proof = (m: number, from: number, to: number, whole: boolean): Uint8Array[] => {
    if (m === to - from) return whole ? [] : [rootOver(from, to, node)];
    const k = split(to - from);
    return m <= k
      ? [...proof(m, from, from + k, whole), rootOver(from + k, to, node)]
      : [...proof(m - k, from + k, to, false), rootOver(from, from + k, node)];
  };
  return proof(old, 0, size, true);
};

/** The root that an inclusion proof gives for a leaf at `index` of `size`; null if the proof has the wrong length. */
export const rootByInclusion = (
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Uint8Array | null => {
  if (index < 0 || index >= size) return null;
  let hash = leaf;
  let place = index;
  let last = size - 1;
  for (const sibling of path) {
    if (last === 0 || sibling.length !== HASH_BYTES) return null;
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(sibling, hash);
      while (place % 2 === 0 && place !== 0) {
        place = place / 2;
        last = Math.floor(last / 2);
      }
    } else hash = nodeHash(hash, sibling);
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : null;
};

/** Both roots that a consistency proof gives; null if it has the wrong length. */
export const rootsByConsistency = (
  old: { readonly size: number; readonly root: Uint8Array },
  size: number,
  path: readonly Uint8Array[],
): { old: Uint8Array; root: Uint8Array } | null => {
  if (old.size < 1 || old.size > size) return null;
  if (old.size === size) return path.length === 0 ? { old: old.root, root: old.root } : null;
  let place = old.size - 1;
  let last = size - 1;
  while (place % 2 === 1) {
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  const [first, ...rest] = place === 0 ? [old.root, ...path] : path;
  if (!first) return null;
  let before = first;
  let now = first;
  for (const sibling of rest) {
    if (last === 0 || sibling.length !== HASH_BYTES) return null;
    if (place % 2 === 1 || place === last) {
      before = nodeHash(sibling, before);
      now = nodeHash(sibling, now);
      while (place % 2 === 0 && place !== 0) {
        place = place / 2;
        last = Math.floor(last / 2);
      }
    } else now = nodeHash(now, sibling);
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? { old: before, root: now } : null;
};
