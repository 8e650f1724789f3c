/**
 * The Merkle root over an event's record lines, so that one record can be proved without the others. Leaves and nodes
 * are hashed with different prefixes; a node has up to sixteen children, whose hashes are joined as hex.
 */
import { sha256 } from './sha256.ts';

const FAN_OUT = 16;

const leaf = (line: string): string => sha256(`\u0000${line}`);

/** The levels above the leaves, ending with the root alone. */
const above = (nodes: readonly string[]): string[] => {
  const parents: string[] = [];
  for (let i = 0; i < nodes.length; i += FAN_OUT) {
    let text = '\u0001';
    for (let k = i; k < i + FAN_OUT && k < nodes.length; k++) text += nodes[k];
    parents.push(sha256(text));
  }
  return parents;
};

/** The root of the lines, in hex. */
export const recordsRoot = (lines: readonly string[]): string => {
  let level: readonly string[] = lines.map(leaf);
  do level = above(level);
  while (level.length > 1);
  return level[0] ?? sha256('');
};

/** The proof from a line to the root: per level its siblings and its index among them. */
export type RecordProof = readonly { readonly siblings: readonly string[]; readonly place: number }[];

export const recordProof = (lines: readonly string[], index: number): RecordProof => {
  const proof: { siblings: string[]; place: number }[] = [];
  let level: readonly string[] = lines.map(leaf);
  let at = index;
  do {
    const start = at - (at % FAN_OUT);
    const children = level.slice(start, start + FAN_OUT);
    proof.push({ siblings: children.filter((_, i) => i !== at - start), place: at - start });
    level = above(level);
    at = Math.floor(at / FAN_OUT);
  } while (level.length > 1);
  return proof;
};

/** The root that a line and its proof lead to; compare it with the one the seal covers. */
export const rootFrom = (line: string, proof: RecordProof): string =>
  proof.reduce(
    (node, { siblings, place }) => sha256(`\u0001${siblings.toSpliced(place, 0, node).join('')}`),
    leaf(line),
  );
